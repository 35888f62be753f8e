// A heat map with a cross of lines on it: a row is chosen by a click or with the arrow keys, a cell is pointed at, and
// of a long text a part is seen from near.

import { fillChildren, find, keepKeys, make, put } from './dom.js';
import { paint, sharpen } from './heat_canvas.js';
import { HeatZoom } from './heat_zoom.js';
import { t } from './language.js';
import { listStarts, sizeOf } from './map_block.js';
import { formatCount } from './numbers.js';
import { cutWord } from './words.js';

/** @import { Shades } from './heat_canvas.js' */
/** @import { Cell } from './heat_zoom.js' */
/** @import { Frame, MapBlock, Span } from './map_block.js' */
/** @import { Rows } from './packed.js' */

/**
 * @typedef {object} Picture
 * @property {MapBlock} block
 * @property {string[]} rowNames of the whole map
 * @property {string[]} columnNames
 * @property {boolean} square whether rows are words, and cells as high as they are wide
 * @property {Shades} shades
 */

/**
 * @typedef {object} Reactions
 * @property {(row: number | null) => void} choose null for all rows
 * @property {(cell: Cell | null, at: Element) => void} point
 * @property {(cell: Cell) => string} tell what a cell says
 * @property {(frame: Frame) => void} look another part is seen
 */

const GUTTER = 84; // pixels for the names of rows
const NAMED = 12; // pixels that a name needs
const LARGEST = 44; // pixels of a cell
const HEIGHT = 448; // of a map whose cells are no squares
const LONGEST = 11; // letters of a name
const DRAG = 5; // pixels that a hand may move in a click

/** @type {Record<string, number>} */
const ROWS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
/** @type {Record<string, number>} */
const COLUMNS = { ArrowRight: 1, ArrowLeft: -1 };
/** @type {Record<string, number>} */
const ZOOMS = { '+': 1, '=': 1, '-': -1 };

export class HeatMap {
  /**
   * @param {HTMLElement} figure
   * @param {Reactions} reactions
   */
  constructor(figure, reactions) {
    this.figure = figure;
    this.reactions = reactions;
    this.plane = find(figure, '.plane');
    this.canvas = find(figure, '.plane canvas', HTMLCanvasElement);
    this.zoom = new HeatZoom();
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Rows} what is on the canvas */
    this.rows = [];
    /** @type {number | null} */
    this.chosen = null;
    /** @type {number | null} the column that the keys stand on */
    this.column = null;
    /** @type {{ x: number, y: number, frame: Frame } | null} */
    this.held = null;
    this.listen();
  }

  listen() {
    const { plane, reactions } = this;
    plane.addEventListener('pointermove', (event) => {
      if (!this.drag(event)) this.point(this.findCell(event));
    });
    for (const name of ['pointerleave', 'blur']) plane.addEventListener(name, () => this.point(null));
    plane.addEventListener('pointerdown', ({ clientX, clientY }) => {
      this.held = { x: clientX, y: clientY, frame: this.zoom.frame };
    });
    plane.addEventListener('click', (event) => {
      const cell = this.wasDragged(event) ? null : this.findCell(event);
      if (cell) reactions.choose(cell.row === this.chosen ? null : cell.row);
    });
    plane.addEventListener('dblclick', (event) => this.near(1, this.findCell(event)));
    plane.addEventListener('wheel', (event) => this.turn(event), { passive: false });
    plane.addEventListener('keydown', (event) => {
      if (this.press(event)) event.preventDefault();
    });
    keepKeys(plane);
    for (const [place, step] of /** @type {const} */ ([
      ['.in', 1],
      ['.out', -1],
    ])) {
      find(this.figure, place).addEventListener('click', () => this.near(step, this.focused));
    }
    new ResizeObserver(() => this.layOut()).observe(this.figure);
  }

  /** The cell that the keys stand on. */
  get stood() {
    return this.chosen === null || this.column === null ? null : { row: this.chosen, column: this.column };
  }

  /** What stays in sight when somebody looks nearer with the keys. */
  get focused() {
    if (this.chosen === null) return null;
    return this.stood ?? { row: this.chosen, column: Math.min(this.chosen, this.zoom.columns - 1) };
  }

  /** Whether the keys are on the map. */
  get isHeld() {
    const root = this.plane.getRootNode();
    return (root instanceof ShadowRoot || root instanceof Document) && root.activeElement === this.plane;
  }

  /** @param {Picture} picture */
  draw(picture) {
    const { rowNames, columnNames, square } = picture;
    this.picture = picture;
    this.zoom.fit(rowNames.length, columnNames.length, square);
    if (this.column !== null && this.column >= columnNames.length) this.column = null;
    put(this.plane, { 'aria-valuemin': 0, 'aria-valuemax': rowNames.length });
    this.show();
  }

  /** The part that is seen. */
  show() {
    if (!this.picture) return;
    const { frame } = this.zoom;
    this.rows = this.picture.block.crop(frame);
    paint(this.canvas, this.rows, this.picture.shades);
    this.figure.style.setProperty('--rows', String(sizeOf(frame.rows)));
    this.figure.style.setProperty('--columns', String(sizeOf(frame.columns)));
    this.point(this.isHeld ? this.stood : null);
    this.showBand('.chosen', this.chosen);
    this.sayZoom();
    this.layOut();
  }

  sayZoom() {
    const { sizes, level, frame, columns } = this.zoom;
    find(this.figure, '.zoom').hidden = sizes.length < 2;
    find(this.figure, '.in', HTMLButtonElement).disabled = level === sizes.length - 1;
    find(this.figure, '.out', HTMLButtonElement).disabled = level === 0;
    find(this.figure, '.seen').textContent = level
      ? nameFrame(frame, formatCount(columns), Boolean(this.picture?.square))
      : t`The whole map`;
    this.plane.classList.toggle('near', level > 0);
  }

  /**
   * @param {number} step
   * @param {Cell | null} cell
   */
  near(step, cell) {
    if (this.zoom.zoom(step, cell)) this.look();
  }

  look() {
    this.show();
    this.reactions.look(this.zoom.frame);
  }

  /** @param {WheelEvent} event */
  turn(event) {
    if (!event.ctrlKey) return; // without it the page scrolls
    event.preventDefault();
    this.near(event.deltaY < 0 ? 1 : -1, this.findCell(event));
  }

  /**
   * A hand that holds a map seen from near moves it.
   *
   * @param {PointerEvent} event
   */
  drag(event) {
    if (!this.held || !event.buttons || !this.zoom.level || !this.wasDragged(event)) return false;
    const { width, height } = this.canvas.getBoundingClientRect();
    const { rows, columns } = this.held.frame;
    const [down, across] = [sizeOf(rows), sizeOf(columns)];
    const row = rows[0] + down / 2 - ((event.clientY - this.held.y) / height) * down;
    const column = columns[0] + across / 2 - ((event.clientX - this.held.x) / width) * across;
    this.zoom.look(row, column);
    this.look();
    return true;
  }

  /** @param {MouseEvent} event */
  wasDragged({ clientX, clientY }) {
    return Boolean(this.zoom.level && this.held && Math.hypot(clientX - this.held.x, clientY - this.held.y) > DRAG);
  }

  /** For another size of the page. */
  layOut() {
    if (!this.picture) return;
    const { rowNames, columnNames, square } = this.picture;
    const { frame } = this.zoom;
    const [rows, columns] = [sizeOf(frame.rows), sizeOf(frame.columns)];
    const room = this.figure.clientWidth;
    const wide = (/** @type {number} */ left) => Math.min(room - left, columns * LARGEST);
    const isTall = (square ? wide(GUTTER) / rows : sizeRows(rows)) >= NAMED;
    const width = wide(isTall ? GUTTER : 0);
    this.figure.style.setProperty('--gutter', `${isTall ? GUTTER : 0}px`);
    this.figure.classList.toggle('named', isTall);
    this.plane.style.width = `${width}px`;
    this.plane.style.height = `${square ? width : sizeRows(rows) * rows}px`;
    this.drawNames('.rows', isTall ? rowNames.slice(...frame.rows) : []);
    this.drawNames('.columns', width / columns >= NAMED ? columnNames.slice(...frame.columns) : []);
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
    if (row !== null && !isIn(this.zoom.frame.rows, row)) {
      this.zoom.reveal({ row });
      this.look();
    }
    this.showBand('.chosen', row);
    const cell = this.stood ? this.reactions.tell(this.stood) : said;
    put(this.plane, { 'aria-valuenow': row === null ? 0 : row + 1, 'aria-valuetext': cell });
  }

  /** @param {Cell | null} cell */
  point(cell) {
    this.showBand('.across', cell?.row ?? null);
    this.pointColumn(cell?.column ?? null);
    const mark = find(this.plane, '.cell');
    const { rows, columns } = this.zoom.frame;
    mark.hidden = !cell;
    mark.style.setProperty('--row', String((cell?.row ?? 0) - rows[0]));
    mark.style.setProperty('--column', String((cell?.column ?? 0) - columns[0]));
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
    const span = band === '.down' ? this.zoom.frame.columns : this.zoom.frame.rows;
    element.hidden = place === null || !isIn(span, place);
    if (place !== null) element.style.setProperty('--place', String(place - span[0]));
  }

  /**
   * Up and down choose a row, left and right walk along it, + and - look nearer or farther.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key meant something
   */
  press({ key, altKey, ctrlKey, metaKey }) {
    if (altKey || ctrlKey || metaKey || !this.picture) return false;
    if (Object.hasOwn(ZOOMS, key)) this.near(ZOOMS[key], this.focused);
    else if (Object.hasOwn(COLUMNS, key)) this.walk(COLUMNS[key]);
    else return this.climb(key);
    return true;
  }

  /** @param {string} key */
  climb(key) {
    const row = findRow(key, this.chosen, this.zoom.rows - 1);
    if (row === undefined) return false;
    if (row === null) this.column = null;
    this.reactions.choose(row);
    if (row !== null && this.column !== null) this.stand(row, this.column);
    return true;
  }

  /** @param {number} step */
  walk(step) {
    const row = this.chosen ?? 0;
    const first = this.picture?.square ? row : this.zoom.frame.columns[0];
    const next = this.column === null ? first : this.column + step;
    if (this.chosen === null) this.reactions.choose(row);
    this.stand(row, Math.max(0, Math.min(this.zoom.columns - 1, next)));
  }

  /**
   * The keys stand on a cell, which is said.
   *
   * @param {number} row
   * @param {number} column
   */
  stand(row, column) {
    this.column = column;
    if (!isIn(this.zoom.frame.columns, column)) {
      this.zoom.reveal({ row, column });
      this.look();
    }
    this.point({ row, column });
    put(this.plane, { 'aria-valuetext': this.reactions.tell({ row, column }) });
  }

  /**
   * @param {MouseEvent} event
   * @returns {Cell | null}
   */
  findCell({ clientX, clientY }) {
    if (!this.picture) return null;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { rows, columns } = this.zoom.frame;
    const row = pick(rows, (clientY - top) / height);
    const column = pick(columns, (clientX - left) / width);
    return row === undefined || column === undefined ? null : { row, column };
  }
}

/**
 * The row that a key leads to, null for all rows; undefined for keys that mean something else.
 *
 * @param {string} key
 * @param {number | null} from
 * @param {number} last
 */
export function findRow(key, from, last) {
  if (key === 'Home' || key === 'Escape') return null;
  if (key === 'End') return last;
  if (!Object.hasOwn(ROWS, key)) return undefined;
  const next = (from ?? -1) + ROWS[key];
  return next < 0 ? null : Math.min(next, last);
}

/**
 * The word at a share of a picture's side.
 *
 * @param {Span} span
 * @param {number} share
 * @returns {number | undefined} undefined outside
 */
export function pick(span, share) {
  const starts = listStarts(span);
  return share < 0 ? undefined : starts[Math.floor(share * starts.length)];
}

/**
 * @param {Span} span
 * @param {number} place
 */
const isIn = ([from, end], place) => from <= place && place < end;

/**
 * What part of a map is seen.
 *
 * @param {Frame} frame
 * @param {string} all how many words there are
 * @param {boolean} square
 */
function nameFrame(frame, all, square) {
  const [rows, columns] = [nameSpan(frame.rows), nameSpan(frame.columns)];
  return square ? t`Rows: ${rows}; columns: ${columns} of ${all}` : t`Columns: ${columns} of ${all}`;
}

/** @param {Span} span */
const nameSpan = ([from, end]) => t`words ${formatCount(from + 1)} to ${formatCount(end)}`;

/**
 * Pixels of a row of a map whose cells are no squares.
 *
 * @param {number} rows
 */
const sizeRows = (rows) => Math.max(1, Math.min(LARGEST, Math.floor(HEIGHT / rows)));
