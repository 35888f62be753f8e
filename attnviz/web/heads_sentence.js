// What the weights of a head and a query say, in words, and no more than their numbers do.

import { t } from './language.js';
import { formatNumber, formatPercent } from './numbers.js';
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
  const { word: place, weight } = findPeak([weights]);
  const word = words[place];
  const times = formatNumber(weight * count, 1);
  const some = formatNumber(countEffective([...weights]), 0);
  const spread = t`the attention is spread over about ${some} of ${count} words`;
  return weight * count < nearlyEven
    ? t`The strongest word, “${word}”, gets ${times} times an even share, so hardly any word is preferred; ${spread}.`
    : t`The strongest word, “${word}”, gets ${times} times an even share; ${spread}.`;
}

/**
 * Where the largest weight of a whole heat map lies: a mean over its rows levels it out.
 *
 * @param {Peak} peak
 * @param {readonly string[]} words
 * @param {string} from the row in words
 */
export function describePeak({ word: place, weight }, words, from) {
  const times = formatNumber(weight * words.length, 1);
  const size = formatNumber(weight, 4);
  const word = words[place];
  return t`Largest weight of this map: ${size}, ${times} times an even share, from ${from} to “${word}”.`;
}

/**
 * @param {readonly string[]} words
 * @param {number} place
 */
export const nameWords = (words, place) => t`“${words[place]}” (word ${place + 1})`;

/**
 * What the whole map is like.
 *
 * @param {number | null} entropy from 0 to 1
 * @param {number | null} outside the share that went to no words
 */
export function describeMeasures(entropy, outside) {
  const mean = formatNumber(Number(entropy), 2);
  const spread = t`Entropy, the mean over the rows: ${mean} (1: an even share, 0: a single word).`;
  return outside === null ? spread : `${spread} ${describeOutside(outside)}`;
}

/** @param {number} outside */
function describeOutside(outside) {
  const rest = t`the rest is made to sum to 1`;
  const share = formatPercent(Math.max(outside, 0.001));
  return outside < 0.0005
    ? t`Less than ${share} of the attention went to steps that are no words and is not shown; ${rest}.`
    : t`${formatPercent(outside)} of the attention went to steps that are no words and is not shown; ${rest}.`;
}
