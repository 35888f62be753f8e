// Loss or accuracy over the epochs, in training and in validation.

import { put } from './dom.js';
import { t } from './language.js';
import { formatNumber, formatPercent } from './numbers.js';
import { node, sizeFrame, tracePath, trim } from './svg.js';

/** @import { Hues } from './scales.js' */

const HEIGHT = 220;
const LEFT = 42;
const RIGHT = 8;
const TOP = 8;
const BASE = HEIGHT - 36;
const TICKS = 4;

/** What the curves are of: the hue's name, and what it is called. */
export const CURVES = /** @type {const} */ ([
  { hue: 'training', name: t`training` },
  { hue: 'validation', name: t`validation` },
]);

/**
 * @typedef {object} Axes
 * @property {number} width
 * @property {number} low
 * @property {number} high
 * @property {number} epochs
 */

/**
 * @param {Axes} axes
 * @param {number} epoch
 */
const toX = ({ width, epochs }, epoch) => LEFT + (epochs > 1 ? epoch / (epochs - 1) : 0.5) * (width - LEFT - RIGHT);

/**
 * @param {Axes} axes
 * @param {number} value
 */
const toY = ({ low, high }, value) => BASE - ((Math.min(value, high) - low) / (high - low)) * (BASE - TOP);

/**
 * The range of the vertical axis.
 *
 * @param {readonly number[]} values
 * @param {boolean} isShare whether the values are shares of 1
 */
export function findRange(values, isShare) {
  if (!isShare) return { low: 0, high: Math.max(...values) * 1.05 || 1 };
  return { low: Math.max(0, Math.floor(Math.min(...values, 0.9) * 5) / 5), high: 1 };
}

/**
 * @param {SVGSVGElement} svg
 * @param {readonly (readonly number[])[]} curves training and validation, one value an epoch
 * @param {boolean} isShare
 * @param {number} epoch the one that is marked
 * @param {Hues} hues
 */
export function drawCurves(svg, curves, isShare, epoch, hues) {
  const width = sizeFrame(svg, HEIGHT);
  const axes = { width, epochs: curves[0].length, ...findRange(curves.flat(), isShare) };
  drawGrid(svg, axes, isShare);
  drawEpochs(svg, axes);
  const x = toX(axes, epoch);
  put(node(svg, 'line', 'now'), { class: 'now', x1: x, x2: x, y1: TOP, y2: BASE });
  curves.forEach((curve, index) => {
    const { hue, name } = CURVES[index];
    const points = curve.map((value, place) => /** @type {const} */ ([toX(axes, place), toY(axes, value)]));
    put(node(svg, 'path', `line${index}`), { class: 'line', d: tracePath(points), stroke: hues[hue] });
    const dot = put(node(svg, 'circle', `dot${index}`), { cx: x, cy: toY(axes, curve[epoch]), r: 5, fill: hues[hue] });
    const value = isShare ? formatPercent(curve[epoch], 2) : formatNumber(curve[epoch], 4);
    put(node(dot, 'title', 'title'), {}, t`${name}, epoch ${epoch + 1}: ${value}`);
  });
}

/**
 * @param {SVGSVGElement} svg
 * @param {Axes} axes
 * @param {boolean} isShare
 */
function drawGrid(svg, axes, isShare) {
  const { low, high, width } = axes;
  for (let tick = 0; tick <= TICKS; tick += 1) {
    const value = low + ((high - low) * tick) / TICKS;
    const y = toY(axes, value);
    put(node(svg, 'line', `grid${tick}`), { class: 'axis', x1: LEFT, x2: width - RIGHT, y1: y, y2: y });
    const text = isShare ? formatPercent(value, 0) : formatNumber(value, high < 0.1 ? 3 : 2);
    put(node(svg, 'text', `tick${tick}`), { x: LEFT - 6, y: y + 4, 'text-anchor': 'end', class: 'small' }, text);
  }
}

/**
 * @param {SVGSVGElement} svg
 * @param {Axes} axes
 */
function drawEpochs(svg, axes) {
  const last = axes.epochs - 1;
  const named = [...new Set([0, Math.floor(last / 2), last])];
  named.forEach((epoch, index) => {
    const place = { x: toX(axes, epoch), y: BASE + 18, 'text-anchor': findAnchor(epoch, last), class: 'small' };
    put(node(svg, 'text', `at${index}`), place, index ? String(epoch + 1) : t`epoch ${epoch + 1}`);
  });
  trim(svg, 'at', named.length);
}

/**
 * @param {number} epoch
 * @param {number} last
 */
function findAnchor(epoch, last) {
  if (last > 0 && epoch === 0) return 'start';
  return last > 0 && epoch === last ? 'end' : 'middle';
}
