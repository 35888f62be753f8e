// The probability of a text, and the held-out accuracy, over the training. Most moments are near its start, so the axis
// is the square root of the time.

import { put } from './dom.js';
import { t } from './language.js';
import { findNearest, formatDigits, formatNumber } from './numbers.js';
import { node, sizeFrame, tracePath, trim } from './svg.js';

/** @import { Point } from './lapse_data.js' */

const BOX = { height: 240, left: 34, right: 12, top: 8, bottom: 40 };
const BASE = BOX.height - BOX.bottom;
const TICKS = { top: 1, middle: 0.5, floor: 0 };
const MOST_NAMES = 6;

const toY = (/** @type {number} */ share) => BASE - share * (BASE - BOX.top);

/**
 * The epochs that are named under the axis: all, or every so many, from 0 on.
 *
 * @param {number} last
 */
export function chooseEpochs(last) {
  const step = Math.max(1, Math.ceil(Math.floor(last) / MOST_NAMES));
  return [...Array(Math.floor(Math.floor(last) / step) + 1).keys()].map((place) => place * step);
}

export class LapseChart {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.width = 200;
    /** @type {number[]} */
    this.times = [];
  }

  get last() {
    return Math.max(this.times.at(-1) ?? 0, 1e-6);
  }

  /** @param {number} time */
  toX(time) {
    return BOX.left + Math.sqrt(time / this.last) * (this.width - BOX.left - BOX.right);
  }

  /**
   * @param {number[]} times of the moments
   * @param {Point[]} probabilities
   * @param {Point[]} accuracies
   * @param {string} name
   */
  draw(times, probabilities, accuracies, name) {
    this.times = times;
    this.width = sizeFrame(this.svg, BOX.height);
    put(this.svg, { 'aria-label': t`${name}, over ${formatNumber(this.last, 1)} epochs of training` });
    this.drawAxes();
    for (const [key, points] of /** @type {const} */ ([
      ['accuracy', accuracies],
      ['own', probabilities],
    ])) {
      const places = points.map(([time, value]) => /** @type {const} */ ([this.toX(time), toY(value)]));
      put(node(this.svg, 'path', key), { class: key, d: tracePath(places) });
    }
    node(this.svg, 'line', 'now');
    node(this.svg, 'circle', 'dot');
  }

  drawAxes() {
    const { svg, width } = this;
    for (const [key, value] of Object.entries(TICKS)) {
      const line = { class: key === 'middle' ? 'half' : 'axis', x1: BOX.left, x2: width - BOX.right };
      put(node(svg, 'line', key), { ...line, y1: toY(value), y2: toY(value) });
      put(
        node(svg, 'text', `${key}-name`),
        { x: BOX.left - 7, y: toY(value) + 4, 'text-anchor': 'end' },
        formatDigits(value, 1),
      );
    }
    const named = chooseEpochs(this.last);
    named.forEach((epoch, place) => {
      put(
        node(svg, 'text', `epoch${place}`),
        { x: this.toX(epoch), y: BASE + 17, 'text-anchor': 'middle' },
        String(epoch),
      );
    });
    trim(svg, 'epoch', named.length);
    const middle = { x: (BOX.left + width - BOX.right) / 2, y: BASE + 34, 'text-anchor': 'middle' };
    put(node(svg, 'text', 'axis'), middle, t`epochs of training (square root, so that the start can be seen)`);
  }

  /**
   * Where the slider stands; without an answer there is no dot.
   *
   * @param {number} moment
   * @param {number | null} probability
   */
  point(moment, probability) {
    const x = this.toX(this.times[moment]);
    put(node(this.svg, 'line', 'now'), { class: 'now', x1: x, x2: x, y1: BOX.top, y2: BASE });
    const dot = { class: 'dot', cx: x, cy: toY(probability ?? 0), r: probability === null ? 0 : 6 };
    put(node(this.svg, 'circle', 'dot'), dot);
  }

  /**
   * The moment that is nearest to a place of the window.
   *
   * @param {number} clientX
   */
  findMoment(clientX) {
    const { left } = this.svg.getBoundingClientRect();
    return findNearest(
      this.times.map((time) => this.toX(time)),
      clientX - left,
    );
  }
}
