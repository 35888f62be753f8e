// Numbers in words, as the rest of attnviz writes them.

import { t } from './language.js';

const LANGUAGE = t`en`;
const DECIMAL = (0.5).toLocaleString(LANGUAGE).charAt(1);
const PERCENT = LANGUAGE === 'zh' ? '%' : '\u00a0%';

/**
 * So many digits, ties to the even one as in Python; a true minus, and none before what rounds to 0.
 *
 * @param {number} value
 * @param {number} digits
 */
export function formatNumber(value, digits) {
  const written = round(value, digits);
  return written.replace('.', DECIMAL).replace('-', Number(written) === 0 ? '' : '−');
}

/**
 * @param {number} value
 * @param {number} digits
 */
function round(value, digits) {
  const written = value.toFixed(digits);
  const exact = Math.abs(value).toFixed(100);
  const isTie = /^50*$/.test(exact.slice(exact.indexOf('.') + 1 + digits));
  if (!isTie || Number(written.at(-1)) % 2 === 0) return written;
  return (Number(written) - Math.sign(value) * 10 ** -digits).toFixed(digits);
}

/**
 * "12.3 %", of the share 0.123; no line break parts it.
 *
 * @param {number} share
 * @param {number} [digits]
 */
export const formatPercent = (share, digits = 1) => `${formatNumber(100 * share, digits)}${PERCENT}`;

/**
 * A score in four digits; one with a sign has it always, also where it rounds to 0.
 *
 * @param {number} score
 * @param {boolean} signed
 */
export const formatScore = (score, signed) =>
  (signed ? signOf(score) : '') + formatNumber(signed ? Math.abs(score) : score, 4);

/** @param {number} value */
const signOf = (value) => (value < 0 ? '−' : '+');

/**
 * Three digits; a probability that would round to certainty says that it is not.
 *
 * @param {number | null} probability
 */
export function formatProbability(probability) {
  if (probability === null) return t`no answer`;
  if (probability < 0.0005) return `< ${formatNumber(0.001, 3)}`;
  return probability >= 0.9995 ? `> ${formatNumber(0.999, 3)}` : formatNumber(probability, 3);
}

/**
 * How far something moved, with its sign: "+0.120", "−0.050".
 *
 * @param {number} change
 */
export const formatChange = (change) => `${signOf(change)}${formatNumber(Math.abs(change), 3)}`;

/** @param {number} count */
export const formatCount = (count) => count.toLocaleString(LANGUAGE);

/**
 * @param {number} value
 * @param {number} digits
 */
export const formatDigits = (value, digits) => value.toLocaleString(LANGUAGE, { maximumSignificantDigits: digits });

/**
 * The place of the number that is nearest to the wanted one, the first of equally near ones.
 *
 * @param {readonly number[]} values
 * @param {number} wanted
 */
export function findNearest(values, wanted) {
  let best = 0;
  values.forEach((value, place) => {
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = place;
  });
  return best;
}
