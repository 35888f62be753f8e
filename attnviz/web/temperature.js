// What a temperature makes of scores: exactly what the network does with them.

/**
 * The weights after the softmax.
 *
 * @param {readonly (readonly number[])[]} scores one row a word, one column a feature
 * @param {number} temperature
 * @param {number | null} feature a column; null for the mean of the weights of all, each summing to 1 over the words
 */
export function computeWeights(scores, temperature, feature) {
  const columns = feature === null ? [...(scores[0] ?? []).keys()] : [feature];
  const weights = scores.map(() => 0);
  for (const column of columns) {
    const highest = Math.max(...scores.map((row) => row[column]));
    const powers = scores.map((row) => Math.exp((row[column] - highest) / temperature));
    const sum = powers.reduce((all, power) => all + power, 0);
    powers.forEach((power, place) => {
      weights[place] += power / sum / columns.length;
    });
  }
  return weights;
}

/**
 * As many words with equal weights are as spread out: the exponential of the entropy.
 *
 * @param {readonly number[]} weights that sum to 1
 */
export const countEffective = (weights) =>
  Math.exp(weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0));

/** @param {readonly number[]} row */
export const computeMean = (row) => row.reduce((sum, value) => sum + value, 0) / row.length;

/**
 * One score a word.
 *
 * @param {readonly (readonly number[])[]} scores
 * @param {number | null} feature null for the mean of all
 */
export const pickScores = (scores, feature) =>
  scores.map((row) => (feature === null ? computeMean(row) : row[feature]));
