// A text after the steps of "What if?", and where each word of it stood in the text as typed (Python: text/edits.py,
// values/edited_text.py). Places are JavaScript's own; those of the steps are code points.

import { CodePoints, findFirst } from './code_points.js';
import { isBlank } from './white_space.js';

/** @import { Step } from './steps.js' */

/**
 * @typedef {object} Change
 * @property {number} typedStart of the stretch in the text as typed
 * @property {number} typedEnd
 * @property {number} start of what is read there, in the edited text
 * @property {number} end the same as start where nothing is
 */

/** @typedef {{ start: number, end: number, read: string }} Edit */

export class EditedText {
  /**
   * @param {string} original as it was typed
   * @param {readonly Step[]} steps those that count; of those that overlap the last one does
   */
  constructor(original, steps) {
    this.original = original;
    /** @type {Change[]} in order of the text */
    this.changes = [];
    this.text = '';
    let position = 0;
    for (const { start, end, read } of resolve(original, steps)) {
      this.text += original.slice(position, start) + read;
      const last = this.text.length;
      this.changes.push({ typedStart: start, typedEnd: end, start: last - read.length, end: last });
      position = end;
    }
    this.text += original.slice(position);
  }

  /**
   * Where a word of the edited text comes from, and whether another one stood there.
   *
   * @param {number} start
   * @param {number} end
   */
  locate(start, end) {
    const origin = this.locateStart(start);
    return { ...origin, end: Math.max(origin.start, this.locateEnd(end)) };
  }

  /** @param {number} position */
  locateStart(position) {
    const change = this.changes[findFirst(this.changes.length, (at) => this.changes[at].start > position) - 1];
    if (!change) return { start: position, replaced: false };
    if (position < change.end) return { start: change.typedStart, replaced: true };
    return { start: position + change.typedEnd - change.end, replaced: false };
  }

  /** @param {number} position */
  locateEnd(position) {
    const change = this.changes[findFirst(this.changes.length, (at) => this.changes[at].start >= position) - 1];
    return change ? change.typedEnd + Math.max(0, position - change.end) : position;
  }
}

/**
 * The steps that count, in order of the text.
 *
 * @param {string} text
 * @param {readonly Step[]} steps
 * @returns {Edit[]}
 */
function resolve(text, steps) {
  const points = new CodePoints(text);
  /** @type {{ start: number, end: number, read: string | null }[]} */
  let kept = [];
  for (const [first, last, read] of steps) {
    const [start, end] = [points.find(first), points.find(last)];
    if (start >= end || end > text.length) continue;
    kept = [...kept.filter((other) => other.end <= start || end <= other.start), { start, end, read }];
  }
  const counting = kept.flatMap(({ start, end, read }) =>
    read === null ? [] : [{ start, end, read: isBlank(read) ? '' : read }],
  );
  return counting.sort((one, other) => one.start - other.start);
}
