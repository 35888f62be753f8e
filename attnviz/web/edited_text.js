// A text after the steps that count, as attnviz/text/edits.py makes it. Offsets count code points, as in Python.

import { countPoints, countUnits } from './laid_text.js';
import { t } from './language.js';

/** @import { Step } from './steps.js' */

/** @typedef {[typedStart: number, typedEnd: number, start: number, end: number]} Change a stretch and what is read */

/**
 * @typedef {object} EditedText
 * @property {string} original as typed
 * @property {string} text what the network reads
 * @property {Change[]} changes in order of the text
 */

/**
 * Of steps that overlap the last one counts; one outside of the text is passed over.
 *
 * @param {string} original
 * @param {readonly Step[]} steps those that count
 * @returns {EditedText}
 */
export function editText(original, steps) {
  const toUnits = countUnits(original);
  /** @type {Change[]} */
  const changes = [];
  let [text, position, length] = ['', 0, 0];
  for (const [start, end, read] of resolve(steps, countPoints(original))) {
    text += original.slice(toUnits(position), toUnits(start)) + read;
    const begin = length + start - position;
    length = begin + countPoints(read);
    position = end;
    changes.push([start, end, begin, length]);
  }
  return { original, text: text + original.slice(toUnits(position)), changes };
}

/**
 * The steps that count, in order of the text.
 *
 * @param {readonly Step[]} steps
 * @param {number} length of the text
 * @returns {[start: number, end: number, read: string][]}
 */
function resolve(steps, length) {
  /** @type {Step[]} */
  let kept = [];
  for (const step of steps) {
    const [start, end] = step;
    if (start >= end || end > length) continue;
    kept = [...kept.filter((other) => other[1] <= start || end <= other[0]), step];
  }
  const read = kept.flatMap(([start, end, word]) => (word === null ? [] : [{ start, end, word }]));
  read.sort((one, other) => one.start - other.start);
  return read.map(({ start, end, word }) => [start, end, word.trim() ? word : '']);
}

/**
 * Each step in a few words, for a trail.
 *
 * @param {string} text
 * @param {readonly Step[]} steps
 */
export function describeSteps(text, steps) {
  const toUnits = countUnits(text);
  return steps.map(([start, end, read]) => {
    const word = text.slice(toUnits(start), toUnits(end)) || '?';
    if (read === null) return t`“${word}” again`;
    return read.trim() ? t`“${read}” for “${word}”` : t`without “${word}”`;
  });
}

/**
 * Where a word of the text that is read stood in the text as typed, and whether another one stood there.
 *
 * @param {EditedText} edited
 * @param {number} start
 * @param {number} end
 */
export function locateWord({ changes }, start, end) {
  const origin = locateStart(
    changes.findLast((change) => change[2] <= start),
    start,
  );
  const last = changes.findLast((change) => change[2] < end);
  const typedEnd = last ? last[1] + Math.max(0, end - last[3]) : end;
  return { ...origin, end: Math.max(origin.start, typedEnd) };
}

/**
 * @param {Change | undefined} change the last one that begins at or before a place
 * @param {number} place
 */
function locateStart(change, place) {
  if (!change) return { start: place, replaced: false };
  const [typedStart, typedEnd, , end] = change;
  return place < end ? { start: typedStart, replaced: true } : { start: place + typedEnd - end, replaced: false };
}
