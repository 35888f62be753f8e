// The two colour scales: one hue for weights; for signed scores orange against the label and blue toward it.

import { plural, t } from './language.js';
import { formatNumber } from './numbers.js';

/**
 * @typedef {object} Hues
 * @property {string} unsigned
 * @property {string} toward
 * @property {string} against
 * @property {string} above of raw numbers, which speak for no label
 * @property {string} below
 * @property {string} training
 * @property {string} validation
 */

/**
 * @typedef {object} Scale
 * @property {number} full the score that has the full colour
 * @property {boolean} signed
 * @property {string} name what one score is called
 * @property {string} toward the label that positive scores speak for
 * @property {string} against what negative ones speak for
 * @property {number | null} [even] of attention, an even share
 */

const MAX_OPACITY = 0.5;

/**
 * From 0 to 1: linear in the score.
 *
 * @param {number} score
 * @param {number} full
 */
export const getStrength = (score, full) => Math.min(Math.abs(score) / (full || 1), 1);

/**
 * @param {number} score
 * @param {boolean} signed
 * @param {Hues} hues
 */
export function getHue(score, signed, hues) {
  if (!signed) return hues.unsigned;
  return score >= 0 ? hues.toward : hues.against;
}

/** @typedef {{ offset: number, colour: string, opacity: number }} Stop */

/**
 * The colours of a scale from its least to its largest score.
 *
 * @param {boolean} signed
 * @param {Hues} hues
 * @returns {Stop[]}
 */
export function listStops(signed, { unsigned, toward, against }) {
  const stop = (/** @type {number} */ offset, /** @type {string} */ colour, /** @type {number} */ opacity) => ({
    offset,
    colour,
    opacity,
  });
  if (!signed) return [stop(0, unsigned, 0), stop(1, unsigned, MAX_OPACITY)];
  return [stop(0, against, MAX_OPACITY), stop(0.5, against, 0), stop(0.5, toward, 0), stop(1, toward, MAX_OPACITY)];
}

/**
 * The same as a background of CSS.
 *
 * @param {boolean} signed
 * @param {Hues} hues
 */
export function getRamp(signed, hues) {
  const colours = listStops(signed, hues).map(
    ({ offset, colour, opacity }) => `color-mix(in srgb, ${colour} ${opacity * 100}%, transparent) ${offset * 100}%`,
  );
  return `linear-gradient(90deg, ${colours.join(', ')})`;
}

/**
 * What stands at the low end of a scale.
 *
 * @param {number} full
 * @param {boolean} signed
 */
export const nameLowEnd = (full, signed) => (signed ? formatNumber(-full, 4) : '0');

/**
 * What a score of the full colour is.
 *
 * @param {number} full that score, above 0
 * @param {number | null} [even] of attention an even share; null of signed scores
 */
export function describeFull(full, even) {
  if (!even) return t`full colour = ±${formatNumber(full, 4)}`;
  if (full === 1) return t`full colour = all of the attention`;
  const times = formatNumber(full / even, 1).replace(/\D0$/, '');
  return plural(Number(times))`full colour = ${times} time an even share|full colour = ${times} times an even share`;
}

/**
 * Where an even share stands on a scale from 0, in percent; null where there is none, or it lies beyond.
 *
 * @param {Scale} scale
 * @param {number} full
 */
export const placeEven = ({ even }, full) => (even && even < full ? (even / full) * 100 : null);

/**
 * The first of some round numbers that a value does not exceed, else 1: the top of an axis.
 *
 * @param {number} value
 * @param {readonly number[]} tops
 */
export const roundUp = (value, tops) => tops.find((top) => value <= top) ?? 1;
