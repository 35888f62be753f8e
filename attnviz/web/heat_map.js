// A heat map with a cross of lines on it: a row is chosen by a click or with the arrow keys, a cell is pointed at.

import { fillChildren, find, keepKeys, make, put } from './dom.js';
import { paint, sharpen } from './heat_canvas.js';
import { cutWord } from './words.js';

/** @import { Rows, Shades } from './heat_canvas.js' */

/**
 * @typedef {object} Picture
 * @property {Rows} rows
 * @property {string[]} rowNames
 * @property {string[]} columnNames
 * @property {boolean} square whether cells are as high as they are wide
 * @property {Shades} shades
 */

/** @typedef {{ row: number, column: number }} Cell */

/**
 * @typedef {object} Reactions
 * @property {(row: number | null) => void} choose null for all rows
 * @property {(cell: Cell | null, at: Element) => void} point
 */

const GUTTER = 84; // pixels for the names of rows
const NAMED = 12; // pixels that a name needs
const LARGEST = 44; // pixels of a cell
const HEIGHT = 448; // of a map whose cells are no squares
const LONGEST = 11; // letters of a name

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };

export class HeatMap {
  /**
   * @param {HTMLElement} figure
   * @param {Reactions} reactions
   */
  constructor(figure, reactions) {
    this.figure = figure;
    this.reactions = reactions;
    this.plane = find(figure, '.plane');
    this.canvas = find(figure, 'canvas', HTMLCanvasElement);
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {number | null} */
    this.chosen = null;
    this.listen();
  }

  listen() {
    const { plane, reactions } = this;
    plane.addEventListener('pointermove', (event) => this.point(this.findCell(event)));
    plane.addEventListener('pointerleave', () => this.point(null));
    plane.addEventListener('click', (event) => {
      const cell = this.findCell(event);
      if (cell) reactions.choose(cell.row === this.chosen ? null : cell.row);
    });
    plane.addEventListener('keydown', (event) => {
      const next = this.findRow(event);
      if (next === undefined) return;
      event.preventDefault();
      reactions.choose(next);
    });
    keepKeys(plane);
    new ResizeObserver(() => this.layOut()).observe(this.figure);
  }

  /** @param {Picture} picture */
  draw(picture) {
    this.picture = picture;
    paint(this.canvas, picture.rows, picture.shades);
    this.figure.style.setProperty('--rows', String(picture.rows.length));
    this.figure.style.setProperty('--columns', String(picture.columnNames.length));
    put(this.plane, { 'aria-valuemin': 0, 'aria-valuemax': picture.rows.length });
    this.point(null);
    this.layOut();
  }

  /** For another size of the page. */
  layOut() {
    if (!this.picture) return;
    const { rowNames, columnNames, square } = this.picture;
    const [rows, columns] = [rowNames.length, columnNames.length];
    const room = this.figure.clientWidth;
    const wide = (/** @type {number} */ left) => Math.min(room - left, columns * LARGEST);
    const isTall = (square ? wide(GUTTER) / rows : sizeRows(rows)) >= NAMED;
    const width = wide(isTall ? GUTTER : 0);
    this.figure.style.setProperty('--gutter', `${isTall ? GUTTER : 0}px`);
    this.figure.classList.toggle('named', isTall);
    this.plane.style.width = `${width}px`;
    this.plane.style.height = `${square ? width : sizeRows(rows) * rows}px`;
    this.drawNames('.rows', isTall ? rowNames : []);
    this.drawNames('.columns', width / columns >= NAMED ? columnNames : []);
    sharpen(this.canvas);
  }

  /**
   * @param {string} place
   * @param {readonly string[]} names
   */
  drawNames(place, names) {
    const box = find(this.figure, place);
    box.style.setProperty('--letters', String(Math.min(LONGEST, Math.max(...names.map((name) => name.length), 0))));
    fillChildren(
      box,
      names,
      () => make('span', ''),
      (element, name, index) => {
        put(element, { title: name }, cutWord(name, LONGEST));
        element.style.setProperty('--place', String(index));
      },
    );
  }

  /**
   * Mark a row as the chosen one, and say so.
   *
   * @param {number | null} row
   * @param {string} said
   */
  mark(row, said) {
    this.chosen = row;
    this.showBand('.chosen', row);
    put(this.plane, { 'aria-valuenow': row === null ? 0 : row + 1, 'aria-valuetext': said });
  }

  /** @param {Cell | null} cell */
  point(cell) {
    this.showBand('.across', cell?.row ?? null);
    this.pointColumn(cell?.column ?? null);
    const mark = find(this.plane, '.cell');
    mark.hidden = !cell;
    mark.style.setProperty('--row', String(cell?.row ?? 0));
    mark.style.setProperty('--column', String(cell?.column ?? 0));
    this.reactions.point(cell, mark);
  }

  /** @param {number | null} column */
  pointColumn(column) {
    this.showBand('.down', column);
  }

  /**
   * @param {string} band
   * @param {number | null} place
   */
  showBand(band, place) {
    const element = find(this.plane, band);
    element.hidden = place === null;
    if (place !== null) element.style.setProperty('--place', String(place));
  }

  /**
   * The row that a key leads to, null for all rows; undefined for keys that mean something else.
   *
   * @param {KeyboardEvent} event
   */
  findRow({ key, altKey, ctrlKey, metaKey, shiftKey }) {
    const last = (this.picture?.rows.length ?? 0) - 1;
    if (altKey || ctrlKey || metaKey || shiftKey || last < 0) return undefined;
    if (key === 'Home' || key === 'Escape') return null;
    if (key === 'End') return last;
    if (!Object.hasOwn(STEPS, key)) return undefined;
    const next = (this.chosen ?? -1) + STEPS[key];
    return next < 0 ? null : Math.min(next, last);
  }

  /**
   * @param {MouseEvent} event
   * @returns {Cell | null}
   */
  findCell({ clientX, clientY }) {
    if (!this.picture) return null;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { rows, columnNames } = this.picture;
    const row = Math.floor(((clientY - top) / height) * rows.length);
    const column = Math.floor(((clientX - left) / width) * columnNames.length);
    const isInside = row >= 0 && row < rows.length && column >= 0 && column < columnNames.length;
    return isInside ? { row, column } : null;
  }
}

/**
 * Pixels of a row of a map whose cells are no squares.
 *
 * @param {number} rows
 */
const sizeRows = (rows) => Math.max(1, Math.min(LARGEST, Math.floor(HEIGHT / rows)));
