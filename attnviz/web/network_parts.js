// The parts that the layers of a network are made of: what they hand on, and the functions of single rows.

/**
 * @typedef {object} LayerPlan a layer as the file describes it
 * @property {string} name
 * @property {string} kind
 * @property {string[]} inputs
 * @property {Record<string, any>} settings
 * @property {Record<string, { shape: number[], start: number }>} tensors
 */

/**
 * @typedef {object} Step what a layer computes, and where it leaves it
 * @property {'steps' | 'one' | 'weights' | 'maps'} form a row a word, one row, a number a word, (maps, words, words)
 * @property {number} at where it begins in the memory
 * @property {number} columns the length of a row; of maps, how many there are
 * @property {boolean} causal whether a row depends on no later word, so that rows before a change stay right
 * @property {boolean} [both] whether it reads the text in both directions
 * @property {(row: number) => number} [idOf] the word id of a row, where the row depends on that alone
 * @property {(from: number, words: number) => void} run computes the rows from `from` on of so many words
 */

/** @typedef {import('./kernel.js').Kernel} Kernel */

/** @param {number} x */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The hyperbolic tangent; twice as fast as Math.tanh, and as exact as float32 can tell. @param {number} x */
export const tanh = (x) => 1 - 2 / (Math.exp(2 * x) + 1);

/**
 * Softmax of numbers that stand `stride` apart.
 * @param {Float32Array} memory
 * @param {number} at
 * @param {number} count
 * @param {number} stride
 */
export function softmax(memory, at, count, stride = 1) {
  const end = at + count * stride;
  let most = Number.NEGATIVE_INFINITY;
  for (let place = at; place < end; place += stride) most = Math.max(most, memory[place]);
  let sum = 0;
  for (let place = at; place < end; place += stride) {
    memory[place] = Math.exp(memory[place] - most);
    sum += memory[place];
  }
  for (let place = at; place < end; place += stride) memory[place] /= sum;
}

/**
 * The product of two rows.
 * @param {Float32Array} memory
 * @param {number} one
 * @param {number} other
 * @param {number} columns
 */
export function dot(memory, one, other, columns) {
  let sum = 0;
  for (let column = 0; column < columns; column += 1) sum += memory[one + column] * memory[other + column];
  return sum;
}

/**
 * What a Dense layer does to the row that it computed.
 * @type {Record<string, (memory: Float32Array, at: number, columns: number) => void>}
 */
export const ACTIVATIONS = {
  linear: () => {},
  relu: (memory, at, columns) => change(memory, at, columns, (x) => Math.max(0, x)),
  tanh: (memory, at, columns) => change(memory, at, columns, tanh),
  sigmoid: (memory, at, columns) => change(memory, at, columns, sigmoid),
  softmax: (memory, at, columns) => softmax(memory, at, columns),
};

/**
 * @param {Float32Array} memory
 * @param {number} at
 * @param {number} columns
 * @param {(x: number) => number} how
 */
function change(memory, at, columns, how) {
  for (let place = at; place < at + columns; place += 1) memory[place] = how(memory[place]);
}
