// Lines over a text, from the word that asks to the words that it looks at; their width is linear in the weight.

import { put } from './dom.js';
import { t } from './language.js';
import { formatNumber, formatPercent } from './numbers.js';
import { SVG } from './svg.js';

/** @typedef {{ word: number, weight: number }} Target */

/**
 * @typedef {object} Lines
 * @property {Target[]} targets
 * @property {number} share of all attention of the word, what the lines stand for
 * @property {number} own what stays with the word itself
 */

const MOST = 12;
const WIDEST = 5; // pixels

/**
 * The words with the largest weights, none with less than an even share; the word itself has no line.
 *
 * @param {Float64Array} weights that sum to 1
 * @param {number} from the word that asks
 * @returns {Lines}
 */
export function pickTargets(weights, from) {
  const order = [...weights.keys()].filter((word) => word !== from && weights[word] * weights.length >= 1);
  order.sort((one, other) => weights[other] - weights[one] || one - other);
  const targets = order.slice(0, MOST).map((word) => ({ word, weight: weights[word] }));
  return { targets, share: targets.reduce((sum, { weight }) => sum + weight, 0), own: weights[from] };
}

/**
 * @param {Lines} lines
 * @param {number} full the weight of the widest line
 */
export function describeLines({ targets, share, own }, full) {
  const self = t`${formatPercent(own)} stays with the word itself`;
  const n = targets.length;
  if (!n) return t`No other word gets an even share of this word’s attention, so no line is drawn; ${self}.`;
  const width = t`Their width is linear, ${WIDEST} pixels at ${formatNumber(full, 4)}.`;
  return `${describeShare(n, formatPercent(share), self)} ${width}`;
}

/**
 * @param {number} n lines
 * @param {string} share
 * @param {string} self
 */
function describeShare(n, share, self) {
  if (n === 1) return t`A line goes to the word with the largest weight, ${share} of this word’s attention; ${self}.`;
  return t`Lines go to the ${n} words with the largest weights, ${share} of this word’s attention; ${self}.`;
}

/**
 * @param {SVGSVGElement} svg over the text, in the same scrolled box
 * @param {readonly HTMLElement[]} words
 * @param {number | null} from null for no lines
 * @param {readonly Target[]} targets
 * @param {number} full the weight of the widest line
 */
export function drawLines(svg, words, from, targets, full) {
  const asking = from === null ? undefined : words[from];
  const paths = asking ? targets.map(({ word, weight }) => buildLine(asking, words[word], weight / full)) : [];
  svg.replaceChildren(...paths);
}

/**
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 * @param {number} strength
 */
function buildLine(from, to, strength) {
  const [one, other] = [findMiddle(from), findMiddle(to)];
  const lift = Math.min(30, 8 + Math.hypot(other.x - one.x, other.y - one.y) / 8);
  const [x, y] = [(one.x + other.x) / 2, Math.min(one.top, other.top) - lift];
  const bend = one.top === other.top ? { x, y } : { x, y: (one.top + other.top) / 2 };
  const path = document.createElementNS(SVG, 'path');
  const d = `M${one.x} ${one.top}Q${bend.x} ${bend.y} ${other.x} ${other.top}`;
  return put(path, { d, 'stroke-width': (Math.min(strength, 1) * WIDEST).toFixed(2) });
}

/** @param {HTMLElement} word a long one may stand on two lines: where it begins */
function findMiddle({ offsetLeft, offsetTop, offsetWidth }) {
  return { x: offsetLeft + offsetWidth / 2, y: offsetTop, top: offsetTop + 3 };
}
