// A text with some of its words left out or replaced, as attnviz/text/edits.py makes it. Places count JavaScript's letters.

/** @import { Step } from './steps.js' */

/** @typedef {{ typedStart: number, typedEnd: number, start: number, end: number }} Change a stretch, and what is read there */

/** @typedef {{ original: string, text: string, changes: Change[] }} EditedText */

/**
 * The text after some steps: of those that overlap the last one counts.
 *
 * @param {string} original
 * @param {readonly Step[]} steps
 * @returns {EditedText}
 */
export function editText(original, steps) {
  /** @type {Change[]} */
  const changes = [];
  let text = '';
  let position = 0;
  for (const [start, end, read] of resolve(original, steps)) {
    text += original.slice(position, start);
    changes.push({ typedStart: start, typedEnd: end, start: text.length, end: text.length + read.length });
    text += read;
    position = end;
  }
  return { original, text: text + original.slice(position), changes };
}

/**
 * Where a word that is read stood in the text as typed, and whether another one stood there.
 *
 * @param {EditedText} edited
 * @param {number} start
 * @param {number} end
 */
export function locate({ changes }, start, end) {
  const first = changes.findLast((change) => change.start <= start);
  const last = changes.findLast((change) => change.start < end);
  const replaced = first !== undefined && start < first.end;
  let typedStart = start;
  if (first) typedStart = replaced ? first.typedStart : start + first.typedEnd - first.end;
  const typedEnd = last ? last.typedEnd + Math.max(0, end - last.end) : end;
  return { start: typedStart, end: Math.max(typedStart, typedEnd), replaced };
}

/**
 * Each step in a few words.
 *
 * @param {string} text
 * @param {Step} step
 */
export function describeStep(text, [start, end, read]) {
  const word = text.slice(start, end) || '?';
  if (read === null) return `“${word}” again`;
  return read.trim() ? `“${read}” for “${word}”` : `without “${word}”`;
}

/**
 * The steps that count, in order of the text.
 *
 * @param {string} text
 * @param {readonly Step[]} steps
 * @returns {[start: number, end: number, read: string][]}
 */
function resolve(text, steps) {
  /** @type {Step[]} */
  let kept = [];
  for (const step of steps) {
    const [start, end] = step;
    if (start >= end || end > text.length) continue;
    kept = [...kept.filter(([first, last]) => last <= start || end <= first), step];
  }
  const counted = kept.flatMap(([start, end, read]) => (read === null ? [] : [{ start, end, read }]));
  counted.sort((one, other) => one.start - other.start);
  return counted.map(({ start, end, read }) => [start, end, read.trim() ? read : '']);
}
