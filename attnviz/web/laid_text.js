// A highlighted text laid over the letters that stand in the box: the mirror shows these and no others, whatever
// the network read instead of some of them, and whether or not it has read the newest ones yet.

import { joinText } from './highlighted_text.js';

/** @import { HighlightedText, Token } from './highlighted_text.js' */

/** @typedef {Token & { from: number, to: number }} PlacedToken with its place in UTF-16 code units */

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

const plain = (/** @type {string} */ text) => text.replace(/\r\n?/g, '\n'); // a text box knows only \n

/**
 * How many code points a text has, which is what Python counts in.
 *
 * @param {string} text
 */
export function countPoints(text) {
  let pairs = 0;
  for (const _ of text.matchAll(PAIR)) pairs += 1;
  return text.length - pairs;
}

/**
 * What turns Python's offsets into those of JavaScript.
 *
 * @param {string} text
 * @returns {(offset: number) => number}
 */
export function countUnits(text) {
  const pairs = Array.from(text.matchAll(PAIR), ({ index }, earlier) => index - earlier);
  if (!pairs.length) return (offset) => offset;
  return (offset) => offset + findPlace(pairs, offset);
}

/**
 * The other way round: what turns JavaScript's offsets into those of Python.
 *
 * @param {string} text
 * @returns {(offset: number) => number}
 */
export function countPlaces(text) {
  const pairs = Array.from(text.matchAll(PAIR), ({ index }) => index);
  return (offset) => offset - findPlace(pairs, offset);
}

/**
 * How many of the ascending numbers are below another one.
 *
 * @param {readonly number[]} numbers
 * @param {number} limit
 */
function findPlace(numbers, limit) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * An answer over the text as typed. A word that was replaced keeps its letters; what is read in its place is one token.
 *
 * @template {HighlightedText} Text
 * @param {Text} text as it comes with an answer
 * @param {string | null} typed null if the network read the text as it was typed
 * @returns {Text}
 */
export function layOut(text, typed) {
  if (typed === null)
    return { ...text, head: plain(text.head), gaps: text.gaps.map(plain), tail: plain(text.tail ?? '') };
  const toUnits = countUnits(typed);
  /** @type {PlacedToken[]} */
  const placed = [];
  for (const token of text.tokens) {
    const last = placed.at(-1);
    if (last && token.start < last.end) placed[placed.length - 1] = unite(last, token);
    else placed.push({ ...token, from: toUnits(token.start), to: toUnits(token.end) });
  }
  return cut(text, typed, placed);
}

/**
 * Several words that are read in the place of one.
 *
 * @param {PlacedToken} one
 * @param {Token} other
 * @returns {PlacedToken}
 */
function unite(one, other) {
  const [word, score] = [`${one.word} ${other.word}`, one.score + other.score];
  const [weight, odds] = [(one.weight ?? 0) + (other.weight ?? 0), (one.odds ?? 0) + (other.odds ?? 0)];
  const count = (one.count ?? 1) + (other.count ?? 1);
  const rank = Math.min(one.rank || other.rank, other.rank || one.rank);
  return { ...one, word, score, weight, odds, count, rank, known: one.known && other.known };
}

/**
 * The same answer over a newer text: words before and behind what was changed keep their highlight, others have none
 * until they are read.
 *
 * @template {HighlightedText} Text
 * @param {Text} text laid out
 * @param {string} now
 * @returns {Text}
 */
export function carryOver(text, now) {
  const before = joinText(text);
  const start = countShared(before, now);
  const end = countSharedEnd(before, now, Math.min(before.length, now.length) - start);
  const [moved, points] = [now.length - before.length, countPoints(now) - countPoints(before)];
  const kept = place(text).flatMap((token) => {
    if (token.to <= start) return [token];
    if (token.from < before.length - end) return [];
    const { from, to, start: first, end: last } = token;
    return [{ ...token, from: from + moved, to: to + moved, start: first + points, end: last + points }];
  });
  return cut(text, now, kept);
}

/**
 * @param {HighlightedText} text laid out
 * @returns {PlacedToken[]}
 */
function place({ head, gaps, tokens }) {
  let position = head.length;
  return tokens.map((token, index) => {
    const from = position + gaps[index].length;
    position = from + token.shown.length;
    return { ...token, from, to: position };
  });
}

/**
 * @param {string} one
 * @param {string} other
 */
function countShared(one, other) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

/**
 * @param {string} one
 * @param {string} other
 * @param {number} most
 */
function countSharedEnd(one, other, most) {
  let count = 0;
  while (count < most && one[one.length - 1 - count] === other[other.length - 1 - count]) count += 1;
  return count;
}

/**
 * The pieces of a text around some of its words.
 *
 * @template {HighlightedText} Text
 * @param {Text} text what else is known of it
 * @param {string} whole
 * @param {readonly PlacedToken[]} placed
 * @returns {Text}
 */
function cut(text, whole, placed) {
  const { truncated, truncated_end = 0 } = text;
  let position = truncated ? (placed[0]?.from ?? whole.length) : 0;
  const last = truncated_end ? (placed.at(-1)?.to ?? whole.length) : whole.length;
  const head = whole.slice(0, position);
  const gaps = placed.map(({ from, to }) => {
    const gap = whole.slice(position, from);
    position = to;
    return gap;
  });
  const tokens = placed.map((token) => ({ ...token, shown: whole.slice(token.from, token.to) }));
  const tail = whole.slice(last);
  return { ...text, head, tokens, gaps: [...gaps, whole.slice(position, last)], tail };
}
