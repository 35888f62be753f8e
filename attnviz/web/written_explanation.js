// An answer as Python's `Explanation.from_dict` reads it.

import { countPlaces } from './laid_text.js';

/** @import { Network, Reading } from './network.js' */

/**
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores one a word that was read
 * @param {string} method
 * @param {Network} network
 */
export function writeExplanation({ text, tokens, truncated, probabilities }, scores, method, network) {
  const place = countPlaces(text);
  return {
    text,
    model: network.name,
    method,
    labels: network.labels,
    probabilities,
    target: probabilities ? network.targetOf(probabilities) : (network.target ?? 0),
    reduction: method === 'attention' ? network.reduction : '',
    truncated,
    tokens: tokens.map(({ word, start, end, id, known }, index) => {
      return { text: word, start: place(start), end: place(end), id, known, score: scores[index] };
    }),
  };
}
