// A highlighted text as Python makes it (attnviz/render/highlighted.py), and what its words say of themselves.

import { t } from './language.js';
import { formatPercent, formatScore } from './numbers.js';

/** @import { Scale } from './scales.js' */

/** @typedef {'read' | 'replaced' | 'left out'} State */

/**
 * @typedef {object} Token
 * @property {string} shown its letters
 * @property {string} word as the network knows it
 * @property {number} start its offsets in the text as typed
 * @property {number} end
 * @property {number} score
 * @property {number} rank 1 for the largest; 0 of a word that is left out
 * @property {boolean} known whether the vocabulary holds it
 * @property {State} state
 * @property {number} [weight] its attention, where that stands beside the score of a signed method
 * @property {number} [odds] its score in log-odds
 * @property {number} [count] how many words are read in its place, if more than one
 */

/** @typedef {[string, string, number, number, number, number, boolean, State]} TokenRow */

/**
 * @template [Word=Token]
 * @typedef {object} HighlightedText
 * @property {string} head what was not read at the start
 * @property {number} truncated how many words that is
 * @property {Word[]} tokens
 * @property {string[]} gaps one more than there are tokens: gaps[i] stands before tokens[i]
 * @property {Scale} scale
 * @property {string} [tail] what was not read at the end
 * @property {number} [truncated_end] how many words that is
 */

/** @typedef {HighlightedText<TokenRow>} PlainText as it comes from Python, a row a word */

/**
 * @param {PlainText} text
 * @returns {HighlightedText}
 */
export function readText(text) {
  const tokens = text.tokens.map(([shown, word, start, end, score, rank, known, state]) => ({
    shown,
    word,
    start,
    end,
    score,
    rank,
    known,
    state,
  }));
  return { ...text, tokens };
}

/**
 * The whole text: as it was typed, if no word of it was changed.
 *
 * @param {HighlightedText} text
 */
export function joinText({ head, gaps, tokens, tail = '' }) {
  return head + tokens.map(({ shown }, place) => gaps[place] + shown).join('') + gaps[tokens.length] + tail;
}

/**
 * The same text with other scores.
 *
 * @param {HighlightedText} text
 * @param {ArrayLike<number>} scores one a word
 * @returns {HighlightedText}
 */
export function scoreAnew(text, scores) {
  const ranks = rankScores(scores);
  const tokens = text.tokens.map((token, place) => ({ ...token, score: scores[place], rank: ranks[place] }));
  return { ...text, tokens };
}

/**
 * 1 for the largest |score|, equal ones in order of the text.
 *
 * @param {ArrayLike<number>} scores
 */
export function rankScores(scores) {
  const sizes = Array.from(scores, Math.abs);
  const order = [...sizes.keys()].sort((one, other) => sizes[other] - sizes[one] || one - other);
  const ranks = sizes.map(() => 0);
  order.forEach((place, index) => {
    ranks[place] = index + 1;
  });
  return ranks;
}

/** @param {readonly Token[]} tokens */
export const keepRead = (tokens) => tokens.filter(({ state }) => state !== 'left out');

/** @typedef {{ count: number, total: number }} Sum how many words were read, and the sum of their |scores| */

/**
 * @param {readonly Token[]} tokens
 * @returns {Sum}
 */
export function sumUp(tokens) {
  const read = keepRead(tokens);
  return { count: read.length, total: read.reduce((sum, { score }) => sum + Math.abs(score), 0) };
}

/**
 * A word with all places where it is read.
 *
 * @typedef {object} WordGroup
 * @property {string} word
 * @property {number} score that of the strongest place
 * @property {number} count of the places
 * @property {number} total the sum of their scores
 */

/**
 * The words with the largest scores, the largest first, each once.
 *
 * @param {readonly Token[]} tokens
 * @param {number} most
 * @returns {WordGroup[]}
 */
export function findStrongest(tokens, most) {
  /** @type {Map<string, WordGroup>} */
  const groups = new Map();
  for (const { word, score } of keepRead(tokens).sort((one, other) => one.rank - other.rank)) {
    const group = groups.get(word) ?? { word, score, count: 0, total: 0 };
    groups.set(word, { ...group, count: group.count + 1, total: group.total + score });
  }
  return [...groups.values()].slice(0, most);
}

/** @param {Token} token */
export const nameUnknown = ({ known }) => (known ? '' : t`, unknown to the network`);

/**
 * @param {string} score
 * @param {number | string} rank
 * @param {number} count
 */
export const nameRank = (score, rank, count) => t`${score}, rank ${rank} of ${count}`;

/**
 * What the tip and a screen reader say of a word beside its name.
 *
 * @param {Token} token
 * @param {boolean} signed
 * @param {Sum} all
 */
export function describeToken(token, signed, { count, total }) {
  if (token.state === 'left out') return t`left out`;
  const share = signed && total ? t`, ${formatPercent(Math.abs(token.score) / total)} of all` : '';
  const replaced = token.state === 'replaced' ? t`, put in by you` : '';
  return nameRank(formatScore(token.score, signed) + share, token.rank, count) + nameUnknown(token) + replaced;
}
