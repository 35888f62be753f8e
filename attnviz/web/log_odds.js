// Signed scores in log-odds (nats) of the explained label instead of its probability, where that is exact.

import { t } from './language.js';

const MARGIN = 1e-5; // nearer to 0 or 1 the float32 of a probability says too little of its odds

/** Why a method has no scores in log-odds. */
export const NO_LOG_ODDS = t`only gradient × input and leaving a word out can be told in log-odds exactly`;
export const TOO_CERTAIN = t`so near to 0 or 1 a probability does not say its log-odds exactly`;

/** @param {number} probability */
const isSafe = (probability) => probability >= MARGIN && probability <= 1 - MARGIN;

/** @param {number} probability */
const computeLogit = (probability) => Math.log(probability / (1 - probability));

/**
 * The same scores in log-odds, or in words why there are none.
 *
 * A word that is left out moves the log-odds from those of the probability without it, which is the probability minus
 * the word's score. The slope of the log-odds is that of the probability p over p (1 - p), at every word alike. What
 * integrated gradients, LIME and SHAP share out is a difference of probabilities; of log-odds it would be another one.
 *
 * @param {string} method
 * @param {readonly number[]} scores changes of the probability
 * @param {number | null} probability of the explained label
 * @returns {number[] | string}
 */
export function toLogOdds(method, scores, probability) {
  if (method !== 'occlusion' && method !== 'gradient') return NO_LOG_ODDS;
  if (probability === null || !isSafe(probability)) return TOO_CERTAIN;
  if (method === 'gradient') return scores.map((score) => score / (probability * (1 - probability)));
  const without = scores.map((score) => probability - score);
  if (!without.every(isSafe)) return TOO_CERTAIN;
  return without.map((other) => computeLogit(probability) - computeLogit(other));
}
