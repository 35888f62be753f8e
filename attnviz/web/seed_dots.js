// A dot for each seed on each bar; the seed that is looked at is filled.

import { put } from './dom.js';
import { t } from './language.js';
import { formatNumber } from './numbers.js';
import { node, trim } from './svg.js';

/** @import { Spread } from './lab_data.js' */

/**
 * @typedef {object} Places
 * @property {(index: number) => number} x the middle of a bar
 * @property {(weight: number) => number} y where a weight ends
 * @property {number} wide pixels of a bar
 */

/**
 * @param {SVGElement} group
 * @param {Spread | null} spread
 * @param {number} seed that is looked at
 * @param {Places} places
 */
export function drawDots(group, spread, seed, { x, y, wide }) {
  const seeds = spread?.seeds ?? [];
  const radius = wide > 30 ? 3.5 : 2;
  let count = 0;
  seeds.forEach((one, run) => {
    spread?.attention[run].forEach((weight, index) => {
      const at = x(index) + (run / Math.max(seeds.length - 1, 19) - 0.5) * wide * 0.8;
      const look = { cx: at.toFixed(1), cy: y(weight).toFixed(1), r: radius, class: one === seed ? 'dot now' : 'dot' };
      const dot = put(node(group, 'circle', `dot${count}`), { ...look, 'data-seed': one });
      const written = formatNumber(weight, 4);
      put(node(dot, 'title', 'title'), {}, t`seed ${one}: ${written}; click to look at its run`);
      count += 1;
    });
  });
  trim(group, 'dot', count);
}
