// What the weights of a head and a query say, in words, and no more than their numbers do.

import { formatPercent } from './numbers.js';
import { countEffective } from './temperature.js';

/**
 * @typedef {object} Peak
 * @property {number} row
 * @property {number} word
 * @property {number} weight
 */

/**
 * The largest cell of a heat map, the first of equal ones.
 *
 * @param {readonly Float64Array[]} rows
 * @returns {Peak}
 */
export function findPeak(rows) {
  const peak = { row: 0, word: 0, weight: -1 };
  rows.forEach((weights, row) => {
    weights.forEach((weight, word) => {
      if (weight > peak.weight) Object.assign(peak, { row, word, weight });
    });
  });
  return peak;
}

/**
 * How far the strongest weight stands out, and over how many words the attention spreads.
 *
 * @param {Float64Array} weights that sum to 1
 * @param {readonly string[]} words
 * @param {number} nearlyEven below so many times an even share, a weight stands out hardly
 */
export function describeSpread(weights, words, nearlyEven) {
  const count = words.length;
  const { word, weight } = findPeak([weights]);
  const times = weight * count;
  const strongest = `The strongest word, “${words[word]}”, gets ${times.toFixed(1)} times an even share`;
  const spread = `the attention is spread over about ${countEffective([...weights]).toFixed(0)} of ${count} words`;
  return `${strongest}${times < nearlyEven ? ', so hardly any word is preferred' : ''}; ${spread}.`;
}

/**
 * Where the largest weight of a whole heat map lies: a mean over its rows levels it out.
 *
 * @param {Peak} peak
 * @param {readonly string[]} words
 * @param {string} from the row in words
 */
export function describePeak({ word, weight }, words, from) {
  const times = (weight * words.length).toFixed(1);
  const size = `${weight.toFixed(4)}, ${times} times an even share`;
  return `Largest weight of this map: ${size}, from ${from} to “${words[word]}”.`;
}

/**
 * @param {readonly string[]} words
 * @param {number} place
 */
export const nameWords = (words, place) => `“${words[place]}” (word ${place + 1})`;

/**
 * What the whole map is like.
 *
 * @param {number | null} entropy from 0 to 1
 * @param {number | null} outside the share that went to no words
 */
export function describeMeasures(entropy, outside) {
  const spread = `Entropy, the mean over the rows: ${Number(entropy).toFixed(2)} (1: an even share, 0: a single word).`;
  if (outside === null) return spread;
  const share = outside < 0.0005 ? `Less than ${formatPercent(0.001)}` : formatPercent(outside);
  const gone = `${share} of the attention went to steps that are no words and is not shown`;
  return `${spread} ${gone}; the rest is made to sum to 1.`;
}
