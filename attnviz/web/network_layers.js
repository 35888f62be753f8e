// The layers that a network may be made of, by the kinds of attnviz/living/browser_layers.py. They read words only; a text
// without any is one step of padding, to which no attention goes, so that what is summed over words is 0.

import { runLstm } from './lstm.js';
import { dot, makeMatrix, map, multiply, sigmoid, softmax, takeRow } from './matrix.js';

/** @import { Matrix } from './matrix.js' */

/**
 * @typedef {object} LayerRow as the file describes a layer
 * @property {string} name
 * @property {string} kind
 * @property {string[]} inputs
 * @property {Record<string, any>} settings
 * @property {number[][]} tensors their shapes
 */

/** @typedef {{ settings: Record<string, any>, weights: Matrix[], blank: boolean }} Layer */

/** @typedef {(inputs: Matrix[], layer: Layer) => Matrix} Compute */

/** @type {Record<string, (x: Matrix) => Matrix>} */
const ACTIVATIONS = {
  linear: (x) => x,
  tanh: (x) => map(x, Math.tanh),
  relu: (x) => map(x, (value) => Math.max(value, 0)),
  sigmoid: (x) => map(x, sigmoid),
  softmax: (x) => {
    for (let row = 0; row < x.rows; row += 1) softmax(takeRow(x, row));
    return x;
  },
};

/**
 * @param {Matrix} x
 * @param {number} row
 */
const takeState = (x, row = x.rows - 1) => makeMatrix(1, x.columns, takeRow(x, row).slice());

/**
 * Two matrices side by side.
 *
 * @param {Matrix} left
 * @param {Matrix} right
 */
function join(left, right) {
  const out = makeMatrix(left.rows, left.columns + right.columns);
  for (let row = 0; row < out.rows; row += 1) {
    takeRow(out, row).set(takeRow(left, row));
    takeRow(out, row).set(takeRow(right, row), left.columns);
  }
  return out;
}

/**
 * Attention with one query: the product of each state with it, as shares of the steps.
 *
 * @param {Matrix} states (steps, units)
 * @param {Float32Array} query (units)
 * @param {(score: number, step: number) => number} [change]
 * @returns {Matrix} (steps, 1)
 */
function attend(states, query, change = (score) => score) {
  const out = makeMatrix(states.rows, 1);
  for (let step = 0; step < states.rows; step += 1) out.data[step] = change(dot(takeRow(states, step), query), step);
  softmax(out.data);
  return out;
}

/**
 * A vector times the transpose of a kernel.
 *
 * @param {Float32Array} vector (m)
 * @param {Matrix} kernel (n, m)
 */
const backwards = (vector, kernel) =>
  Float32Array.from({ length: kernel.rows }, (_, row) => dot(takeRow(kernel, row), vector));

/** @type {Record<string, Compute>} */
export const LAYERS = {
  same: ([x]) => x,
  lstm: ([x], { settings, weights }) => {
    const states = runLstm(x, weights);
    return settings.return_sequences ? states : takeState(states);
  },
  two_lstms: ([x], { settings, weights }) => {
    const forward = runLstm(x, weights.slice(0, 3));
    const backward = runLstm(x, weights.slice(3), true);
    return settings.return_sequences ? join(forward, backward) : join(takeState(forward), takeState(backward, 0));
  },
  dense: ([x], { settings, weights: [kernel, bias] }) =>
    ACTIVATIONS[settings.activation](multiply(x, kernel, bias?.data)),
  concatenate: ([left, right]) => join(left, right),
  add: ([one, other]) =>
    makeMatrix(
      one.rows,
      one.columns,
      one.data.map((value, place) => value + other.data[place]),
    ),
  normalize: ([x], { settings, weights }) => normalize(x, settings.epsilon, weights),
  additive: ([states], { weights: [kernel, bias] }) =>
    attend(states, kernel.data, (score, step) => Math.tanh(score + bias.data[step])),
  luong: ([states, query], { weights: [kernel] }) => attend(states, backwards(query.data, kernel)),
  dot_product: ([states, query], { weights: [queryKernel, keyKernel] }) => {
    const projected = backwards(multiply(query, queryKernel).data, keyKernel);
    return attend(states, projected, (score) => score / Math.sqrt(keyKernel.columns));
  },
  featurewise: ([states], { weights: [kernel, bias] }) => {
    const out = map(multiply(states, kernel, bias.data), Math.tanh);
    for (let feature = 0; feature < out.columns; feature += 1) softmax(out.data, feature, out.columns, out.rows);
    return out;
  },
  weighted_sum: ([weights, states], { blank }) => (blank ? makeMatrix(1, states.columns) : sumSteps(states, weights)),
  last: ([states]) => takeState(states),
  place: ([x], { weights: [places] }) =>
    makeMatrix(
      x.rows,
      x.columns,
      x.data.map((value, place) => value + places.data[place]),
    ),
  heads: ([queries, keys], { settings }) => attendHeads(queries, keys, settings.heads),
  heads_sum: ([weights, values]) => sumHeads(weights, values),
  mean: ([x], { blank }) => (blank ? makeMatrix(1, x.columns) : map(sumSteps(x), (value) => value / x.rows)),
};

/**
 * @param {Matrix} x
 * @param {number} epsilon
 * @param {Matrix[]} weights gamma and beta
 */
function normalize(x, epsilon, [gamma, beta]) {
  const out = makeMatrix(x.rows, x.columns);
  for (let row = 0; row < x.rows; row += 1) {
    const from = takeRow(x, row);
    const mean = from.reduce((sum, value) => sum + value, 0) / x.columns;
    const variance = from.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.columns;
    const scale = 1 / Math.sqrt(variance + epsilon);
    const normal = from.map((value, place) => (value - mean) * scale * gamma.data[place] + beta.data[place]);
    takeRow(out, row).set(normal);
  }
  return out;
}

/**
 * @param {Matrix} states (steps, units)
 * @param {Matrix} [weights] (steps, 1), or one a feature: (steps, units)
 * @returns {Matrix} (1, units)
 */
function sumSteps(states, weights) {
  const { rows, columns } = states;
  const out = makeMatrix(1, columns);
  for (let step = 0; step < rows; step += 1) {
    const state = takeRow(states, step);
    const own = weights && takeRow(weights, step);
    for (let unit = 0; unit < columns; unit += 1) {
      out.data[unit] += state[unit] * (own ? (own[unit] ?? own[0]) : 1);
    }
  }
  return out;
}

/**
 * Each word's attention to each, head below head.
 *
 * @param {Matrix} queries (words, heads * size)
 * @param {Matrix} keys (words, heads * size)
 * @param {number} heads
 * @returns {Matrix} (heads * words, words)
 */
function attendHeads(queries, keys, heads) {
  const size = queries.columns / heads;
  const out = makeMatrix(heads * queries.rows, keys.rows);
  for (let row = 0; row < out.rows; row += 1) {
    const from = Math.floor(row / queries.rows) * size;
    const query = takeRow(queries, row % queries.rows).subarray(from, from + size);
    const shares = takeRow(out, row);
    for (let word = 0; word < keys.rows; word += 1) {
      shares[word] = dot(query, takeRow(keys, word).subarray(from, from + size)) / Math.sqrt(size);
    }
    softmax(shares);
  }
  return out;
}

/**
 * What each word attends to.
 *
 * @param {Matrix} weights (heads * words, words)
 * @param {Matrix} values (words, heads * size)
 * @returns {Matrix} (words, heads * size)
 */
function sumHeads(weights, values) {
  const words = values.rows;
  const out = makeMatrix(words, values.columns);
  const size = (values.columns * words) / weights.rows;
  for (let row = 0; row < weights.rows; row += 1) {
    const from = Math.floor(row / words) * size;
    const sum = takeRow(out, row % words).subarray(from, from + size);
    for (let word = 0; word < words; word += 1) {
      const [share, value] = [weights.data[row * words + word], takeRow(values, word)];
      for (let unit = 0; unit < size; unit += 1) sum[unit] += share * value[from + unit];
    }
  }
  return out;
}
