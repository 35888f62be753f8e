// The scores of a signed method over what was read this very moment: whoever measures them comes later than the letter,
// and until then a word keeps the score that it had in the text before.

import { explainSigned } from './explain_reading.js';

/** @import { EditedText } from './edited_text.js' */
/** @import { Explained, Method, Reader } from './explain_reading.js' */
/** @import { TokenRow } from './highlighted_text.js' */
/** @import { Reading } from './network.js' */

/**
 * @typedef {object} Asked what is asked of whoever answers
 * @property {Method} method
 * @property {number | null} target the label that is explained; null for the network's own choice
 * @property {'browser' | 'python'} engine that measures the scores of a signed method
 */

/**
 * @typedef {object} Late an answer by a signed method
 * @property {Explained} explained
 * @property {string} typed
 * @property {string} key of the steps that it is about
 */

/**
 * @typedef {object} Read what a network of the browser has just read
 * @property {Reading} reading
 * @property {Reader} reader
 * @property {EditedText} edited
 * @property {string} typed
 * @property {string} key of the steps that count
 */

/**
 * Whether an answer is the one that is waited for.
 *
 * @param {Late | null} late
 * @param {Read} read
 * @param {Asked} asked
 */
export function belongsTo(late, { reader, typed, key }, { method, target }) {
  if (!late) return false;
  const { model, method: name, answer } = late.explained;
  const isAsked = model === reader.name && name === method.name && (target === null || answer.target === target);
  return isAsked && late.typed === typed && late.key === key;
}

/**
 * The probability and the attention of what was read, with the scores of an answer, or what is known of them from the
 * text before.
 *
 * @param {Late | null} late
 * @param {Read} read
 * @param {Asked} asked
 * @returns {Explained}
 */
export function coverReading(late, read, asked) {
  const { reading, reader, edited } = read;
  const before = late?.explained.model === reader.name ? late.explained : null;
  const method = before ? nameMethod(before) : asked.method;
  const scores = carryScores(before?.text.tokens ?? [], reading);
  const covered = explainSigned(method, reading, reader, scores, edited);
  if (!before) return covered;
  if (!belongsTo(late, read, asked)) return { ...covered, text: { ...covered.text, scale: before.text.scale } };
  const { attention, answer, probability } = covered;
  return { ...before, attention, answer, probability };
}

/**
 * @param {Explained} explained
 * @returns {Method}
 */
function nameMethod({ method: name, method_title: title, method_help: help, text }) {
  return { name, title, help, score_name: text.scale.name, signed: true };
}

/**
 * The scores of the words at a text's beginning and end that are those of the text before; 0 of the others.
 *
 * @param {readonly TokenRow[]} rows of the text before
 * @param {{ tokens: readonly { word: string }[] }} reading
 */
export function carryScores(rows, { tokens }) {
  const known = rows.filter((row) => row[7] !== 'left out');
  const carried = new Float64Array(tokens.length);
  const most = Math.min(known.length, tokens.length);
  const isSame = (/** @type {TokenRow} */ row, /** @type {number} */ place) => row[1] === tokens[place].word;
  let place = 0;
  for (; place < most && isSame(known[place], place); place += 1) carried[place] = known[place][4];
  for (let back = 1; back <= most - place; back += 1) {
    const row = known[known.length - back];
    if (!isSame(row, tokens.length - back)) break;
    carried[tokens.length - back] = row[4];
  }
  return carried;
}
