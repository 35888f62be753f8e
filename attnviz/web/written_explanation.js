// An answer as Python's `Explanation.from_dict` reads it.

/** @import { Network, Reading } from './network.js' */

/**
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores one a word that was read
 * @param {string} method
 * @param {Network} network
 */
export function writeExplanation({ text, tokens, truncated, probabilities }, scores, method, network) {
  const place = countPoints(text);
  return {
    text,
    model: network.name,
    method,
    labels: network.labels,
    probabilities,
    target: network.findTarget(probabilities),
    reduction: method === 'attention' ? network.reduction : '',
    truncated,
    tokens: tokens.map(({ word, start, end, id, known }, index) => {
      return { text: word, start: place(start), end: place(end), id, known, score: scores[index] };
    }),
  };
}

/**
 * From places in JavaScript's letters to Python's, in which a character of two codes is one; they must not fall.
 *
 * @param {string} text
 */
function countPoints(text) {
  let [seen, points] = [0, 0];
  return (/** @type {number} */ place) => {
    while (seen < place) {
      seen += /** @type {number} */ (text.codePointAt(seen)) > 0xffff ? 2 : 1;
      points += 1;
    }
    return points;
  };
}
