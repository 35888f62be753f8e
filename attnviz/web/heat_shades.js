// What the colours of all heat maps of a text mean: one scale for all its heads, so that they can be compared.

import { getFullWeight } from './attention_weights.js';

/** @import { AttentionWeights } from './attention_weights.js' */
/** @import { Shades } from './heat_canvas.js' */

/**
 * The one scale of attention, from 0.
 *
 * @param {AttentionWeights} weights
 * @param {number} evenShares
 * @param {string} hue
 * @returns {Shades}
 */
export const getShades = (weights, evenShares, hue) => ({
  low: 0,
  full: getFullWeight(weights.range.high, weights.words, evenShares),
  hue,
});

/**
 * What the weights span, for whoever wants to see how nearly equal ones differ.
 *
 * @param {AttentionWeights} weights
 * @param {string} hue
 * @returns {Shades}
 */
export const stretchShades = (weights, hue) => ({ low: weights.range.low, full: weights.range.high, hue });

/**
 * @param {AttentionWeights} weights
 * @param {Shades} shades
 * @param {number} evenShares
 */
export function explainShades({ maps, kind, range }, { low, full }, evenShares) {
  const all = maps > 1 ? `all ${maps} ${kind}s` : 'this text';
  if (low) return `from the least to the largest weight of ${all}, so small differences look large`;
  return `full colour: ${full === range.high ? `the largest weight of ${all}` : `${evenShares} times an even share`}`;
}
