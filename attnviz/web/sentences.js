// What a reading says, in the words of render/sentences.py.

import { nameLabel } from './labels.js';
import { plural, t } from './language.js';
import { formatCount, formatNumber, formatProbability } from './numbers.js';
import { isBlank, splitPieces } from './white_space.js';

/** @import { Answer } from './answer.js' */
/** @import { Reading } from './explain_reading.js' */

const NEARLY_EVEN = 1.5; // times an even share
const NAMED = 5; // words that were not read

const BREAK = /<br\s*\/?>/gi;
const EDGES = /^[!-/:-@[-`{-~]+|[!-/:-@[-`{-~]+$/g;
/** So many letters in a row of scripts that put no spaces between words, as render/sentences.py has them. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{4}/;
const HELP = t`a network trained on such texts can do better (attnviz, page Training)`;
const SPACES = t`Letters without spaces were read as one unknown word; ${HELP}.`;
const UNKNOWN = t`The network knows none of these words: it read the same placeholder for each.`;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * The answer as the browser draws it.
 *
 * @param {Reading} reading
 * @param {string[]} labels
 * @param {number} target the label that is explained
 * @returns {Answer}
 */
export function buildAnswer({ probabilities, tokens }, labels, target) {
  const predicted = findPredicted(probabilities);
  const shown = predicted === null || labels.length === 2 ? target : predicted;
  const texts = (probabilities ?? []).map(formatProbability);
  const unknown = tokens.length > 0 && !tokens.some(({ known }) => known);
  const verdict = unknown
    ? t`no verdict: the network knows none of these words`
    : t`${nameLabel(labels[target])} with probability ${texts[target]}`;
  const said = probabilities ? verdict : describeNoAnswer(tokens.length);
  return {
    labels,
    probabilities,
    texts,
    target,
    predicted,
    shown,
    name: nameProbability(labels, shown),
    said,
    unknown,
  };
}

/** @param {number} words */
const describeNoAnswer = (words) =>
  words
    ? t`no answer: what the network gives for these words is no number`
    : t`no answer, because there is no word to read`;

/**
 * The most probable label, of equal ones the last, so that 0.5 of two is the second; null if there is no answer.
 *
 * @param {readonly number[] | null} probabilities
 */
export const findPredicted = (probabilities) =>
  probabilities === null ? null : probabilities.lastIndexOf(Math.max(...probabilities));

/**
 * @param {readonly string[]} labels
 * @param {number} label
 */
function nameProbability(labels, label) {
  const name = nameLabel(labels[label]);
  const sentiment = labels.join() === 'negative,positive';
  return sentiment ? t`probability that the review is ${name}` : t`probability of “${name}”`;
}

/**
 * What must be said beside the answer.
 *
 * @param {Reading} reading
 * @param {ArrayLike<number> | null} weights those of attention; null for scores that share out nothing
 * @param {string} reduction
 * @param {Answer} answer
 */
export function describeReading(reading, weights, reduction, answer) {
  const { tokens, truncated } = reading;
  const notes = describeMissing(reading);
  if (truncated) notes.push(describeTruncated(truncated, tokens.length));
  const unknown = tokens.filter(({ known }) => !known);
  if (unknown.length) notes.push(answer.unknown ? UNKNOWN : describeUnknown(unknown.length));
  if (unknown.some(({ word }) => UNSPACED.test(word))) notes.push(SPACES);
  if (reduction) notes.push(t`Each word has several weights; shown is the ${reduction}.`);
  if (weights && weights.length > 1 && reading.probabilities) notes.push(describeSpread(weights));
  return notes;
}

/** @param {Reading} reading */
function describeMissing(reading) {
  const skipped = findSkipped(reading);
  if (reading.tokens.length) return skipped.length ? [describeSkipped(skipped)] : [];
  if (skipped.length) return [t`The network knows none of these words, and reads only words that it knows.`];
  return [isBlank(reading.text) ? t`There is no text yet.` : t`There is no word in this text, only signs.`];
}

/**
 * The words between those that were read.
 *
 * @param {Reading} reading
 */
function findSkipped({ text, tokens, truncated }) {
  const ends = [0, ...tokens.map(({ end }) => end)];
  const starts = [...tokens.map(({ start }) => start), text.length];
  const gaps = ends.map((end, place) => (place || !truncated ? text.slice(end, starts[place]) : ''));
  const pieces = gaps.filter((gap) => !isBlank(gap)).flatMap((gap) => splitPieces(gap.replace(BREAK, ' ')));
  return pieces.map((piece) => piece.replace(EDGES, '')).filter((piece) => LETTER.test(piece));
}

/** @param {readonly string[]} words */
function describeSkipped(words) {
  const named = words.slice(0, NAMED).map((word) => t`“${word}”`);
  const list = [...named, ...(words.length > NAMED ? ['…'] : [])].join(t`, `);
  return t`${countUnread(words.length, formatCount(words.length))}: ${list}.`;
}

/**
 * @param {number} count
 * @param {string} n the same as it is written
 */
const countUnread = (count, n) =>
  plural(count)`${n} word is not in the vocabulary and not read|${n} words are not in the vocabulary and not read`;

/**
 * @param {number} truncated
 * @param {number} read
 */
function describeTruncated(truncated, read) {
  const n = formatCount(truncated);
  const unread = plural(truncated)`the first word is greyed and was|the first ${n} words are greyed and were`;
  return t`This network reads the last ${formatCount(read)} words; ${unread} not read.`;
}

/** @param {number} unknown */
function describeUnknown(unknown) {
  const n = formatCount(unknown);
  const words = plural(unknown)`${n} word is unknown to the network|${n} words are unknown to the network`;
  const instead = plural(unknown)`it read a placeholder instead|it read a placeholder instead`;
  return t`${words} (dotted): ${instead}.`;
}

/** @param {ArrayLike<number>} weights */
function describeSpread(weights) {
  const times = Array.from(weights).reduce((one, other) => Math.max(one, other)) * weights.length;
  const even = formatNumber(1 / weights.length, 4);
  const sentence = t`An even share would be ${even}; the strongest word gets ${formatNumber(times, 1)} times as much`;
  return times < NEARLY_EVEN ? t`${sentence}, so this network hardly prefers any word here.` : t`${sentence}.`;
}
