// A part of an attention map, word by word or, of many words, in blocks of them.

import { count } from './packed.js';

/** @import { Rows } from './packed.js' */

/** @typedef {[from: number, end: number]} Span places of words, the end not included */

/** @typedef {{ rows: Span, columns: Span }} Frame */

const MOST = 512; // pixels of a picture, each way

export class MapBlock {
  /**
   * @param {Span} rows which words ask
   * @param {Span} columns which are looked at
   * @param {Rows} weights at most as many as that; of fewer each is the mean of a block
   */
  constructor(rows, columns, weights) {
    this.rows = rows;
    this.columns = columns;
    this.weights = weights;
  }

  /** Whether every weight is there. */
  get isExact() {
    return this.weights.length === sizeOf(this.rows) && this.weights[0].length === sizeOf(this.columns);
  }

  /**
   * Whether it holds every word of a frame.
   *
   * @param {Frame} frame
   */
  holds({ rows, columns }) {
    return contains(this.rows, rows) && contains(this.columns, columns);
  }

  /**
   * The weight of a pair of words, or the mean of the block where it stands.
   *
   * @param {number} row
   * @param {number} column
   */
  at(row, column) {
    const own = this.weights[placeOf(row, this.rows, this.weights.length)];
    return own[placeOf(column, this.columns, own.length)];
  }

  /**
   * The part in a frame: as many weights as there are words, and no more than a picture has pixels. The whole block is
   * as it came.
   *
   * @param {Frame} frame
   * @returns {Rows}
   */
  crop({ rows, columns }) {
    if (isSame(rows, this.rows) && isSame(columns, this.columns)) return this.weights;
    const [down, across] = [listStarts(rows), listStarts(columns)];
    return down.map((row) => Float64Array.from(across, (column) => this.at(row, column)));
  }
}

/** @param {Span} span */
export const sizeOf = ([from, end]) => end - from;

/**
 * The first word of each pixel of a picture of these words.
 *
 * @param {Span} span
 */
export function listStarts(span) {
  const size = sizeOf(span);
  const pixels = Math.min(size, MOST);
  return count(pixels).map((pixel) => span[0] + Math.floor((pixel * size) / pixels));
}

/**
 * @param {Span} one
 * @param {Span} other
 */
const isSame = (one, other) => one[0] === other[0] && one[1] === other[1];

/**
 * @param {Span} outer
 * @param {Span} inner
 */
const contains = (outer, inner) => outer[0] <= inner[0] && inner[1] <= outer[1];

/**
 * Which of so many blocks holds a word: block i begins with word ⌊i × size / blocks⌋, as `pool` in Python has it.
 *
 * @param {number} word
 * @param {Span} span
 * @param {number} blocks
 */
function placeOf(word, span, blocks) {
  const size = sizeOf(span);
  return Math.floor(((word - span[0] + 1) * blocks - 1) / size);
}
