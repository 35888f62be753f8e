// Scores above, weights after the softmax below: a bar a word. Parts are changed in place, so that they glide from one
// temperature to the next.

import { put } from './dom.js';
import { t } from './language.js';
import { formatNumber } from './numbers.js';
import { roundUp } from './scales.js';
import { node, trim } from './svg.js';
import { cutWord } from './words.js';

/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} Bars
 * @property {string[]} words
 * @property {number[]} scores one a word
 * @property {number[]} weights one a word
 * @property {number} followed the place of the word that the page follows
 * @property {string} title of the scores
 * @property {Hues} hues
 */

const SCORES = { top: 24, height: 96 };
const WEIGHTS = { top: 168, height: 150 };
const BASE = WEIGHTS.top + WEIGHTS.height;
const LEFT = 46;
const FLOOR = 24;
const LABELS = 92;
const ROOM = 15; // pixels that a name needs
const CAPS = [0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75];
const LONGEST = 12; // letters of a name

/**
 * Lengths in pixels.
 *
 * @typedef {object} Lengths
 * @property {number} slot of a word
 * @property {number} zero where the score 0 lies
 * @property {number} unit of a score of 1
 * @property {number} cap the weight at the top
 * @property {boolean} named whether there is room for names
 */

export class SoftmaxBars {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.count = 0;
  }

  get width() {
    return Math.max(this.svg.clientWidth, 200);
  }

  /**
   * The place of the word under the pointer, null if there is none.
   *
   * @param {number} clientX
   */
  findPlace(clientX) {
    const { left, width } = this.svg.getBoundingClientRect();
    const place = Math.floor((clientX - left - LEFT) / ((width - LEFT) / this.count));
    return place >= 0 && place < this.count ? place : null;
  }

  /** @param {Bars} bars */
  draw(bars) {
    const { svg, width } = this;
    const { scores, weights, title } = bars;
    this.count = weights.length;
    const slot = (width - LEFT) / this.count;
    const highest = Math.max(...scores, 0);
    const lowest = Math.min(...scores, 0);
    const unit = SCORES.height / (highest - lowest || 1);
    const cap = roundUp(Math.max(...weights), CAPS);
    const lengths = { slot, zero: SCORES.top + highest * unit, unit, cap, named: slot >= ROOM };
    const height = BASE + (lengths.named ? LABELS : FLOOR);
    put(svg, { viewBox: `0 0 ${width} ${height}`, height });
    put(node(svg, 'text', 'scores'), { class: 'title', x: 0, y: 12 }, title);
    put(node(svg, 'text', 'weights'), { class: 'title', x: 0, y: WEIGHTS.top - 16 }, t`Weights after the softmax`);
    this.drawAxes(lengths, highest, lowest);
    const group = node(svg, 'g', 'bars');
    for (const place of weights.keys()) this.drawBar(node(group, 'g', `word${place}`), bars, place, lengths);
    trim(group, 'word', this.count);
    this.drawEven(cap); // above the bars, so that it stays in sight
    this.drawEnds(lengths.named);
  }

  /**
   * @param {Lengths} lengths
   * @param {number} highest
   * @param {number} lowest
   */
  drawAxes({ zero, cap }, highest, lowest) {
    const near = (/** @type {number} */ y) => Math.abs(y - zero) < 13; // its number would touch that of 0
    const bottom = SCORES.top + SCORES.height;
    this.drawAxis('high', SCORES.top, near(SCORES.top) ? '' : formatNumber(highest, 2));
    this.drawAxis('low', bottom, near(bottom) ? '' : formatNumber(lowest, 2));
    this.drawAxis('zero', zero, '0');
    this.drawAxis('cap', WEIGHTS.top, formatNumber(cap, cap < 0.01 ? 3 : 2));
    this.drawAxis('base', BASE, '0');
  }

  /**
   * @param {string} key
   * @param {number} y
   * @param {string} text
   */
  drawAxis(key, y, text) {
    put(node(this.svg, 'line', key), { class: 'axis', x1: LEFT, x2: this.width, y1: y, y2: y });
    const place = { class: 'small', x: LEFT - 6, y: y + 4, 'text-anchor': 'end' };
    put(node(this.svg, 'text', `${key}-name`), place, text);
  }

  /**
   * @param {SVGElement} bar
   * @param {Bars} bars
   * @param {number} place
   * @param {Lengths} lengths
   */
  drawBar(bar, { words, scores, weights, followed, hues }, place, { slot, zero, unit, cap, named }) {
    const x = LEFT + place * slot;
    const thick = Math.min(Math.max(slot * 0.78, 0.6), 64);
    const long = Math.abs(scores[place]) * unit;
    const tall = Math.max(Math.min(weights[place] / cap, 1) * WEIGHTS.height, 0.5);
    const isUp = scores[place] > 0;
    const look = { x: x.toFixed(2), width: thick.toFixed(2), 'fill-opacity': place === followed ? 1 : 0.6 };
    const score = { y: (isUp ? zero - long : zero).toFixed(2), height: Math.max(long, 0.5).toFixed(2) };
    put(node(bar, 'rect', 'score'), { ...look, ...score, fill: isUp ? hues.above : hues.below });
    const weight = { y: (BASE - tall).toFixed(2), height: tall.toFixed(2), fill: hues.unsigned };
    put(node(bar, 'rect', 'weight'), { ...look, ...weight });
    const at = x + thick / 2;
    const turn = `translate(${(at + 4).toFixed(1)} ${BASE + 10}) rotate(-60)`;
    const kind = place === followed ? 'strong' : 'small';
    const name = named ? cutWord(words[place], LONGEST) : '';
    put(node(bar, 'text', 'name'), { class: kind, 'text-anchor': 'end', transform: turn }, name);
    const arrow = place === followed && !named ? `M${at} ${BASE + 4}l5 9h-10z` : 'M0 0';
    put(node(bar, 'path', 'mark'), { class: 'mark', d: arrow });
  }

  /** @param {number} cap */
  drawEven(cap) {
    const { svg, width, count } = this;
    const y = BASE - WEIGHTS.height / count / cap;
    put(node(svg, 'line', 'even'), { class: 'even', x1: LEFT, x2: width, y1: y, y2: y });
    const even = formatNumber(1 / count, 4);
    const said = width > 330 ? t`dashed: an even share, ${even}` : '';
    const place = { class: 'small', x: width, y: WEIGHTS.top - 6, 'text-anchor': 'end' };
    put(node(svg, 'text', 'even-name'), place, said);
  }

  /** @param {boolean} named */
  drawEnds(named) {
    const { svg, width, count } = this;
    const some = !named && count > 1;
    put(node(svg, 'text', 'first'), { class: 'small', x: LEFT, y: BASE + 17 }, some ? t`first word` : '');
    const place = { class: 'small', x: width, y: BASE + 17, 'text-anchor': 'end' };
    put(node(svg, 'text', 'last'), place, some ? t`last word` : '');
  }
}
