// The curve of an answer while words are taken away: its own order beside random ones.

import { put } from './dom.js';
import { t } from './language.js';
import { formatDigits } from './numbers.js';
import { node, tracePath } from './svg.js';
import { capitalise } from './words.js';

/** @import { Curve, Mode } from './erasure.js' */

const BOX = { height: 280, left: 34, right: 10, top: 28, bottom: 40 };
const BASE = BOX.height - BOX.bottom;
const TICKS = { top: 1, middle: 0.5, floor: 0 };

const toY = (/** @type {number} */ probability) => BASE - probability * (BASE - BOX.top);

/**
 * What is done with the words.
 *
 * @param {Mode} mode
 */
export const nameDone = (mode) => (mode === 'out' ? t`left out` : t`kept`);

export class ErasureChart {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.width = 200;
    this.count = 1; // words
  }

  get right() {
    return this.width - BOX.right;
  }

  /** @param {number} taken */
  toX(taken) {
    return BOX.left + (taken / this.count) * (this.right - BOX.left);
  }

  /**
   * Axes and curves.
   *
   * @param {Curve} curve
   * @param {Mode} mode
   */
  draw({ order, counts, name: of, ...curves }, mode) {
    const { svg } = this;
    this.width = Math.max(svg.clientWidth, 200);
    const all = order.length;
    this.count = all;
    const name = capitalise(of);
    const done = nameDone(mode);
    put(svg, { viewBox: `0 0 ${this.width} ${BOX.height}` });
    put(svg, { 'aria-label': t`${name}, from 0 to ${all} words ${done}` });
    this.drawAxes(t`Words ${done}`, name);
    for (const key of /** @type {const} */ (['random', 'own'])) {
      const points = curves[mode][key].flatMap((value, place) =>
        value === null ? [] : [/** @type {const} */ ([this.toX(counts[place]), toY(value)])],
      );
      put(node(svg, 'path', key), { class: `curve ${key}`, d: tracePath(points) });
    }
    node(svg, 'line', 'now');
    node(svg, 'circle', 'dot');
  }

  /**
   * @param {string} across
   * @param {string} up
   */
  drawAxes(across, up) {
    const { svg, right } = this;
    for (const [key, value] of Object.entries(TICKS)) {
      const y = toY(value);
      const line = { class: key === 'middle' ? 'half' : 'axis', x1: BOX.left, x2: right, y1: y, y2: y };
      put(node(svg, 'line', key), line);
      const place = { x: BOX.left - 7, y: y + 4, 'text-anchor': 'end' };
      put(node(svg, 'text', `${key}-name`), place, formatDigits(value, 1));
    }
    put(node(svg, 'text', 'none'), { x: BOX.left, y: BASE + 17, 'text-anchor': 'start' }, '0');
    put(node(svg, 'text', 'all'), { x: right, y: BASE + 17, 'text-anchor': 'end' }, String(this.count));
    put(node(svg, 'text', 'name'), { x: (BOX.left + right) / 2, y: BASE + 34, 'text-anchor': 'middle' }, across);
    put(node(svg, 'text', 'up'), { x: BOX.left, y: 12, 'text-anchor': 'start' }, up);
  }

  /**
   * Where the slider stands; without an answer there is no dot.
   *
   * @param {number} taken
   * @param {number | null} probability
   */
  point(taken, probability) {
    const x = this.toX(taken);
    put(node(this.svg, 'line', 'now'), { class: 'now', x1: x, x2: x, y1: BOX.top, y2: BASE });
    const dot = { class: 'dot', cx: x, cy: toY(probability ?? 0), r: probability === null ? 0 : 6 };
    put(node(this.svg, 'circle', 'dot'), dot);
  }

  /**
   * How far along the curve a place of the window is: 0 at its start, 1 at its end.
   *
   * @param {number} clientX
   */
  findShare(clientX) {
    const { left, width } = this.svg.getBoundingClientRect();
    return (clientX - left - BOX.left) / (width - BOX.left - BOX.right);
  }
}
