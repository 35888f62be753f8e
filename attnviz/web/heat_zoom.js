// Which part of a heat map is seen: all of it, or a window of some words that moves.

import { sizeOf } from './map_block.js';

/** @import { Frame, Span } from './map_block.js' */

/** @typedef {{ row: number, column: number }} Cell */

const SIZES = [1024, 512, 256, 128, 64, 32, 16];

export class HeatZoom {
  level = 0;
  rows = 1;
  columns = 1;
  isSquare = false;
  /** @type {Frame} */
  frame = { rows: [0, 1], columns: [0, 1] };

  /**
   * A map of another size is seen as a whole.
   *
   * @param {number} rows
   * @param {number} columns
   * @param {boolean} isSquare whether rows are words too; if not, all of them stay in sight
   */
  fit(rows, columns, isSquare) {
    if (rows === this.rows && columns === this.columns && isSquare === this.isSquare) return;
    Object.assign(this, { rows, columns, isSquare, level: 0, frame: { rows: [0, rows], columns: [0, columns] } });
  }

  get sizes() {
    return listSizes(this.columns);
  }

  /**
   * @param {number} step 1 for nearer, -1 for farther
   * @param {Cell | null} cell what stays in sight; null for the middle
   * @returns {boolean} whether that changed anything
   */
  zoom(step, cell) {
    const level = Math.max(0, Math.min(this.sizes.length - 1, this.level + step));
    if (level === this.level) return false;
    this.level = level;
    const { rows, columns } = this.frame;
    this.look(cell?.row ?? middleOf(rows), cell?.column ?? middleOf(columns));
    return true;
  }

  /**
   * The window around a cell.
   *
   * @param {number} row
   * @param {number} column
   */
  look(row, column) {
    const size = this.sizes[this.level];
    const rows = this.isSquare ? size : this.rows;
    this.frame = { rows: placeSpan(this.rows, rows, row), columns: placeSpan(this.columns, size, column) };
  }

  /**
   * Moves the window as little as it needs to show a cell.
   *
   * @param {Partial<Cell>} cell
   */
  reveal({ row, column }) {
    const { rows, columns } = this.frame;
    this.frame = { rows: shift(rows, row), columns: shift(columns, column) };
  }
}

/**
 * How many words may be seen at once, from all to few.
 *
 * @param {number} words
 */
export const listSizes = (words) => [words, ...SIZES.filter((size) => size < words)];

/**
 * So many of all places, around one of them as far as there is room.
 *
 * @param {number} total
 * @param {number} size
 * @param {number} centre
 * @returns {Span}
 */
export function placeSpan(total, size, centre) {
  const from = Math.max(0, Math.min(total - size, Math.round(centre - size / 2)));
  return [from, from + size];
}

/**
 * @param {Span} span
 * @param {number | undefined} place what must lie in it
 * @returns {Span}
 */
function shift(span, place) {
  if (place === undefined) return span;
  const [from, end] = span;
  const by = Math.min(0, place - from) + Math.max(0, place + 1 - end);
  return [from + by, end + by];
}

/** @param {Span} span */
const middleOf = (span) => span[0] + sizeOf(span) / 2;
