// What the colours of all heat maps of a text mean: one scale for all its maps, so that they can be compared.

import { t } from './language.js';

/** @import { Range } from './attention_sketch.js' */
/** @import { Shades } from './heat_canvas.js' */
/** @import { Rows } from './packed.js' */

/**
 * The weight that has the full colour: the largest one, and at least so many times an even share.
 *
 * @param {number} largest
 * @param {number} words
 * @param {number} evenShares
 */
export const getFullWeight = (largest, words, evenShares) => Math.max(largest, Math.min(evenShares / words, 1));

/**
 * The one scale of attention, from 0.
 *
 * @param {number} largest of all weights that share it
 * @param {number} words
 * @param {number} evenShares
 * @param {string} hue
 * @returns {Shades}
 */
export const getShades = (largest, words, evenShares, hue) => ({
  low: 0,
  full: getFullWeight(largest, words, evenShares),
  hue,
});

/**
 * What the weights of one map span, for whoever wants to see how nearly equal ones differ.
 *
 * @param {Rows} rows
 * @param {string} hue
 * @returns {Shades}
 */
export const stretchShades = (rows, hue) => ({ ...findRange(rows), hue });

/**
 * @param {Rows} rows
 * @returns {{ low: number, full: number }} the least and the largest
 */
export function findRange(rows) {
  let low = Number.POSITIVE_INFINITY;
  let full = 0;
  for (const row of rows) {
    for (const weight of row) {
      low = Math.min(low, weight);
      full = Math.max(full, weight);
    }
  }
  return { low, full };
}

/**
 * @param {Shades} shades
 * @param {Range} range
 * @param {string} maps which share the scale: 'all 2 heads'
 * @param {number} evenShares
 */
export function explainShades({ low, full }, range, maps, evenShares) {
  if (low) return t`from the least to the largest weight of this map alone, so small differences look large`;
  if (full === range.high) return t`full colour: the largest weight of ${maps}`;
  return t`full colour: ${evenShares} times an even share`;
}
