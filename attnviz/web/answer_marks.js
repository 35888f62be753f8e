// The marks of what is planted, under the bars. That of the answer can be dragged, and moved by the keyboard.

import { put } from './dom.js';
import { t } from './language.js';
import { namePlace } from './places.js';
import { findStep } from './roving_focus.js';
import { node, trim } from './svg.js';

const BELOW = 60; // pixels from the foot of the bars to the middle of a mark
const TALL = 26;
const LETTER = 6.6;

/**
 * @typedef {object} Slots
 * @property {number} left
 * @property {number} slot pixels a place
 * @property {string[]} names of the places
 */

/** @type {Record<string, { whole: string, short: string }>} what is planted, in words and where there is less room */
const NAMES = {
  'the answer': { whole: t`the answer`, short: t`answer` },
  'one half': { whole: t`one half`, short: t`half` },
  'other half': { whole: t`other half`, short: t`half` },
  decoy: { whole: t`decoy`, short: t`decoy` },
};

/**
 * What is planted, in words.
 *
 * @param {string} mark
 */
export const nameWhole = (mark) => NAMES[mark].whole;

/**
 * What a mark says, in the room that it has.
 *
 * @param {string} mark
 * @param {number} slot pixels
 */
export function nameMark(mark, slot) {
  const sign = mark === 'decoy' ? '△' : '▲';
  if (slot > 104) return `${sign} ${nameWhole(mark)}`;
  return slot > 64 ? NAMES[mark].short : sign;
}

export class AnswerMarks {
  /**
   * @param {SVGSVGElement} svg
   * @param {number} base where the bars stand; the marks and the names lie below
   * @param {(column: number) => void} move
   */
  constructor(svg, base, move) {
    this.svg = svg;
    this.base = base;
    this.move = move;
    this.column = 0;
    /** @type {number | null} where the hand is, while it drags */
    this.x = null;
    this.isMovable = false;
    /** @type {Slots} */
    this.slots = { left: 0, slot: 1, names: [] };
    this.handle = put(node(svg, 'g', 'handle'), { class: 'mark handle', role: 'slider' });
    this.listen();
  }

  listen() {
    const { svg, handle } = this;
    svg.addEventListener('pointerdown', (event) => this.grab(event));
    svg.addEventListener('pointermove', (event) => this.drag(event));
    for (const name of ['pointerup', 'pointercancel']) svg.addEventListener(name, () => this.drop());
    handle.addEventListener('keydown', (event) => this.step(event));
  }

  /** @param {PointerEvent} event */
  grab(event) {
    const { top } = this.svg.getBoundingClientRect();
    if (!this.isMovable || event.button || event.clientY - top <= this.base) return;
    this.svg.setPointerCapture(event.pointerId);
    this.handle.focus({ preventScroll: true });
    this.x = 0;
    this.drag(event);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  drag({ clientX }) {
    if (this.x === null) return;
    const { left, slot, names } = this.slots;
    const end = left + slot * names.length;
    this.x = Math.max(left + slot / 2, Math.min(clientX - this.svg.getBoundingClientRect().left, end - slot / 2));
    this.choose(Math.min(Math.floor((this.x - left) / slot), names.length - 1));
    this.place();
  }

  drop() {
    this.x = null;
    this.place();
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    event.stopPropagation(); // Streamlit has shortcuts of its own
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const key = { ArrowUp: 'ArrowRight', ArrowDown: 'ArrowLeft' }[event.key] ?? event.key; // as sliders do
    const keys = { key, altKey, ctrlKey, metaKey, shiftKey };
    const column = findStep(keys, this.column, this.slots.names.length);
    if (column === null) return;
    event.preventDefault();
    this.choose(column);
  }

  /** @param {number} column */
  choose(column) {
    if (column === this.column) return;
    this.column = column;
    this.move(column);
  }

  /**
   * @param {Record<string, string>} marks by place
   * @param {number | null} movable the place of the mark that can be moved
   * @param {Slots} slots
   */
  draw(marks, movable, slots) {
    const { svg, handle } = this;
    this.slots = slots;
    this.isMovable = movable !== null;
    this.column = movable ?? 0;
    svg.classList.toggle('movable', this.isMovable);
    handle.style.display = this.isMovable ? '' : 'none';
    const others = Object.entries(marks).filter(([place]) => Number(place) !== movable);
    others.forEach(([place, mark], index) => {
      const group = node(svg, 'g', `mark${index}`);
      drawPill(group, mark, slots.slot, false);
      put(group, { class: mark === 'decoy' ? 'mark decoy' : 'mark', transform: this.toPlace(this.toX(Number(place))) });
    });
    trim(svg, 'mark', others.length);
    if (movable !== null) this.drawHandle(marks[movable]);
    svg.append(handle); // above the others
    this.place();
  }

  /** @param {string} mark */
  drawHandle(mark) {
    const last = this.slots.names.length - 1;
    const values = { 'aria-valuemin': 0, 'aria-valuemax': last, 'aria-valuenow': this.column };
    put(this.handle, { tabindex: 0, 'aria-label': t`Mark of the answer`, ...values });
    put(this.handle, { 'aria-valuetext': namePlace('column', this.column) });
    drawPill(this.handle, mark, this.slots.slot, true);
  }

  place() {
    put(this.handle, { transform: this.toPlace(this.x ?? this.toX(this.column)) });
  }

  /** @param {number} place */
  toX(place) {
    return this.slots.left + (place + 0.5) * this.slots.slot;
  }

  /** @param {number} x */
  toPlace(x) {
    return `translate(${x.toFixed(1)} ${this.base + BELOW})`;
  }
}

/**
 * How many letters' room a text takes: a Chinese one that of two.
 *
 * @param {string} text
 */
const countLetters = (text) => [...text].reduce((count, letter) => count + (letter > '\u2e7f' ? 2 : 1), 0);

/**
 * @param {SVGElement} group
 * @param {string} mark
 * @param {number} slot
 * @param {boolean} isMovable
 */
function drawPill(group, mark, slot, isMovable) {
  const name = nameMark(mark, slot);
  const text = isMovable && slot > 140 ? `◂  ${name}  ▸` : name;
  const round = TALL / 2;
  const flat = Math.max(countLetters(text) * LETTER - 4, 4);
  const arc = (/** @type {number} */ way) => `a${round} ${round} 0 0 1 0 ${way * TALL}`;
  const trace = `M${-flat / 2} ${-round}h${flat}${arc(1)}h${-flat}${arc(-1)}z`;
  put(node(group, 'path', 'pill'), { class: 'pill', d: trace });
  put(node(group, 'text', 'name'), { class: 'strong', 'text-anchor': 'middle', y: 4 }, text);
}
