// Which scores of an answer are on the screen: those of its method, in probability or log-odds, its attention, or both,
// the method's as the fill of a word and attention as its underline.

import { keepRead, rankScores, readText } from './highlighted_text.js';
import { t } from './language.js';
import { toLogOdds } from './log_odds.js';

/** @import { Explained } from './explain_reading.js' */
/** @import { HighlightedText, Token } from './highlighted_text.js' */
/** @import { Scale } from './scales.js' */

/** @typedef {'both' | 'fill' | 'underline'} Layers */

/**
 * @typedef {object} Choice
 * @property {Layers} layers
 * @property {boolean} logOdds
 * @property {boolean} absolute
 */

/**
 * A text with everything that may be chosen: its words have their weights and log-odds beside their scores.
 *
 * @typedef {HighlightedText & { attention: Scale | null, logOdds: Scale | null, whyNoLogOdds: string }} LayeredText
 */

/**
 * @typedef {object} Layer
 * @property {Scale} scale
 * @property {number} full the score that has the full colour
 */

/**
 * @typedef {object} Shown
 * @property {HighlightedText} text with the scores that are chosen
 * @property {Layer} fill
 * @property {Layer | null} line attention as the underline; null where the fill's scores have both cues
 */

/**
 * @param {Explained} explained
 * @returns {LayeredText}
 */
export function readLayers({ text: plain, attention, method, probability }) {
  const text = readText(plain);
  const scores = text.tokens.map(({ score }) => score);
  const odds = text.scale.signed ? toLogOdds(method, scores, probability) : '';
  const isTold = typeof odds !== 'string';
  const tokens = text.tokens.map((token, place) => ({
    ...token,
    weight: attention?.scores[place] ?? 0,
    odds: isTold && token.state !== 'left out' ? odds[place] : 0,
  }));
  const { name } = text.scale;
  const logOdds = isTold ? { ...text.scale, name: t`${name}, in log-odds`, full: findLargest(odds) } : null;
  return { ...text, tokens, attention: attention?.scale ?? null, logOdds, whyNoLogOdds: isTold ? '' : odds };
}

/** @param {readonly number[]} scores */
const findLargest = (scores) => scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);

/**
 * What of it is on the screen.
 *
 * @param {LayeredText} text
 * @param {Choice} choice
 * @returns {Shown}
 */
export function chooseLayers(text, { layers, logOdds, absolute }) {
  const { attention } = text;
  if (attention && layers === 'underline') return look(text, attention, (token) => token.weight ?? 0, absolute, null);
  const line = attention && layers === 'both' ? limit(attention, absolute) : null;
  if (logOdds && text.logOdds) return look(text, text.logOdds, (token) => token.odds ?? 0, false, line);
  return look(text, text.scale, null, absolute, line);
}

/**
 * @param {HighlightedText} text
 * @param {Scale} scale
 * @param {((token: Token) => number) | null} pick the score that is shown; null for the word's own
 * @param {boolean} absolute
 * @param {Layer | null} line
 * @returns {Shown}
 */
function look(text, scale, pick, absolute, line) {
  const tokens = pick ? rank(text.tokens.map((token) => ({ ...token, score: pick(token) }))) : text.tokens;
  return { text: { ...text, tokens, scale }, fill: limit(scale, absolute), line };
}

/**
 * A weight of 1, or a change of the probability by 1, has the full colour of the absolute scale.
 *
 * @param {Scale} scale
 * @param {boolean} absolute
 * @returns {Layer}
 */
const limit = (scale, absolute) => ({ scale, full: absolute ? 1 : scale.full || 1 });

/** @param {Token[]} tokens */
function rank(tokens) {
  const ranks = rankScores(keepRead(tokens).map(({ score }) => score));
  let read = 0;
  return tokens.map((token) => (token.state === 'left out' ? token : { ...token, rank: ranks[read++] }));
}
