// What a network of the browser read, as the very data that Python's `describe_explanation` makes of an Explanation:
// the same text rows, scale, answer and notes, so that whatever draws them needs not know who answered.

import { locateWord } from './edited_text.js';
import { rankScores } from './highlighted_text.js';
import { countPlaces, countUnits } from './laid_text.js';
import { t } from './language.js';
import { buildAnswer, describeReading, findPredicted } from './sentences.js';
import { hashText } from './sha256.js';

/** @import { Answer } from './answer.js' */
/** @import { EditedText } from './edited_text.js' */
/** @import { PlainText, State, TokenRow } from './highlighted_text.js' */
/** @import { Scale } from './scales.js' */

/**
 * @typedef {object} ReadToken
 * @property {string} word as the network knows it
 * @property {number} start its place in the text, in JavaScript's count
 * @property {number} end
 * @property {boolean} known
 */

/**
 * @typedef {object} Reading
 * @property {string} text that was read
 * @property {ReadToken[]} tokens the words that were read
 * @property {number} truncated how many words at the start were not
 * @property {number[] | null} probabilities null if there is no word to read
 * @property {ArrayLike<number> | null} scores the attention of each word; null without attention
 */

/**
 * @typedef {object} Reader the network
 * @property {string} name
 * @property {string[]} labels
 * @property {number | null} target the label that is explained; null for the most probable one
 * @property {string} reduction how several weights of a word became one, in words; '' where it has one
 */

/**
 * @typedef {object} Method of explaining, as values/methods.py describes it
 * @property {string} name
 * @property {string} title
 * @property {string} score_name
 * @property {string} help
 * @property {boolean} signed whether a score may speak against the label
 */

/**
 * @typedef {object} AttentionLayer the attention beside the scores of a signed method
 * @property {number[]} scores one for each word that is shown; 0 of one that is left out
 * @property {Scale} scale
 */

/**
 * @typedef {object} Explained
 * @property {PlainText} text
 * @property {AttentionLayer | null} attention
 * @property {string | null} typed the text as typed, if words of it were changed
 * @property {Answer} answer
 * @property {number | null} probability of the explained label
 * @property {string} method_title
 * @property {string} method_help
 * @property {string[]} notes
 * @property {string} text_hash
 * @property {string} model
 * @property {string} method
 */

/** Full colour of attention is at least so many times an even share; otherwise even weights would look chosen. */
const EVEN_SHARES = 3;

/** The method that the browser computes for any text at once. */
export const ATTENTION = {
  name: 'attention',
  title: t`Attention weights`,
  score_name: t`attention weight`,
  help: t`How much of each word was passed on to the decision; the weights of a review sum to 1.`,
  signed: false,
};

/**
 * The attention of a reading. Where the network has none, its words have scores of 0.
 *
 * @param {Reading} reading
 * @param {Reader} network
 * @param {EditedText | null} [edited] where the text comes from; null if it is as typed
 * @returns {Explained}
 */
export function explainReading(reading, network, edited = null) {
  return describe(ATTENTION, reading, network, reading.scores ?? new Float64Array(reading.tokens.length), edited);
}

/**
 * The scores of a signed method, with the attention beside them where the network has any.
 *
 * @param {Method} method
 * @param {Reading} reading
 * @param {Reader} network
 * @param {ArrayLike<number>} scores one for each word that was read
 * @param {EditedText | null} [edited]
 * @returns {Explained}
 */
export function explainSigned(method, reading, network, scores, edited = null) {
  const explained = describe(method, reading, network, scores, edited);
  const attention = reading.scores && explainReading(reading, network, edited).text;
  return { ...explained, attention: attention && readLayer(attention) };
}

/**
 * @param {PlainText} text
 * @returns {AttentionLayer}
 */
const readLayer = ({ tokens, scale }) => ({ scores: tokens.map((row) => row[4]), scale });

/**
 * @param {Method} method
 * @param {Reading} reading
 * @param {Reader} network
 * @param {ArrayLike<number>} scores
 * @param {EditedText | null} edited
 * @returns {Explained}
 */
function describe(method, reading, network, scores, edited) {
  const { name, title, score_name, help, signed } = method;
  const target = network.target ?? findPredicted(reading.probabilities) ?? 0;
  const answer = buildAnswer(reading, network.labels, target);
  return {
    text: {
      ...highlight(reading, scores, edited),
      scale: makeScale(scores, signed, score_name, network.labels, target),
    },
    attention: null,
    typed: edited && edited.text !== edited.original ? edited.original : null,
    answer,
    probability: reading.probabilities?.[target] ?? null,
    method_title: title,
    method_help: help,
    notes: describeReading(reading, signed ? null : scores, signed ? '' : network.reduction, answer),
    text_hash: hashText(reading.text),
    model: network.name,
    method: name,
  };
}

/**
 * @param {ArrayLike<number>} scores
 * @param {boolean} signed
 * @param {string} name
 * @param {readonly string[]} labels
 * @param {number} target
 * @returns {Scale}
 */
function makeScale(scores, signed, name, labels, target) {
  const against = labels.length === 2 ? labels[1 - target] : t`other classes`;
  const even = signed || !scores.length ? null : 1 / scores.length;
  return { full: findFull(scores, signed), signed, name, toward: labels[target], against, even };
}

/**
 * @param {ArrayLike<number>} scores
 * @param {boolean} signed
 */
function findFull(scores, signed) {
  const largest = Array.from(scores, Math.abs).reduce((one, other) => Math.max(one, other), 0);
  if (signed || largest === 0) return largest;
  return Math.max(largest, Math.min(EVEN_SHARES / scores.length, 1));
}

/** @typedef {{ start: number, end: number, row: TokenRow }} Placed a word and its place in the text that is read */

/**
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {EditedText | null} edited
 * @returns {Omit<PlainText, 'scale'>}
 */
function highlight(reading, scores, edited) {
  const { text, tokens, truncated } = reading;
  const first = truncated ? (tokens[0]?.start ?? text.length) : 0;
  const words = placeWords(reading, scores, edited, first);
  const gaps = [];
  let position = first;
  for (const { start, end } of words) {
    gaps.push(text.slice(position, Math.max(position, start)));
    position = Math.max(position, end); // a word may have closed over the place of one that is left out
  }
  gaps.push(text.slice(position));
  const rows = words.map(({ row }) => row);
  return { head: text.slice(0, first), truncated, tokens: rows, gaps, tail: '', truncated_end: 0 };
}

/**
 * The words that are read, and those that are left out of the part that is read, in order.
 *
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {EditedText | null} edited
 * @param {number} first where that part begins
 */
function placeWords(reading, scores, edited, first) {
  const words = placeRead(reading, scores, edited);
  if (!edited?.changes.length) return words;
  const there = new Set(words.map(({ row }) => row[2]));
  words.push(...placeLeftOut(edited, first, there));
  return words.sort((one, other) => one.start - other.start || one.end - other.end);
}

/**
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {EditedText | null} edited
 * @returns {Placed[]}
 */
function placeRead({ text, tokens }, scores, edited) {
  const toPoints = countPlaces(text);
  const ranks = rankScores(scores);
  return tokens.map(({ word, start, end, known }, place) => {
    const at = [toPoints(start), toPoints(end)];
    const origin = edited ? locateWord(edited, at[0], at[1]) : { start: at[0], end: at[1], replaced: false };
    /** @type {State} */
    const state = origin.replaced ? 'replaced' : 'read';
    const shown = text.slice(start, end);
    return { start, end, row: [shown, word, origin.start, origin.end, scores[place], ranks[place], known, state] };
  });
}

/**
 * @param {EditedText} edited
 * @param {number} first
 * @param {Set<number>} there where the words begin that are read, in the text as typed
 * @returns {Placed[]}
 */
function placeLeftOut({ original, text, changes }, first, there) {
  const [typedUnits, units] = [countUnits(original), countUnits(text)];
  const gone = changes.filter(([typedStart, , start]) => units(start) >= first && !there.has(typedStart));
  return gone.map(([typedStart, typedEnd, start]) => {
    const word = original.slice(typedUnits(typedStart), typedUnits(typedEnd));
    const place = units(start);
    return { start: place, end: place, row: [word, word, typedStart, typedEnd, 0, 0, true, 'left out'] };
  });
}
