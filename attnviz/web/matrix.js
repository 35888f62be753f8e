// Rows of numbers, and the few products and functions of them that the networks are made of.

/**
 * A matrix, row by row.
 *
 * @typedef {object} Matrix
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} data
 */

/**
 * @param {number} rows
 * @param {number} columns
 * @param {Float32Array} data
 * @returns {Matrix}
 */
export const makeMatrix = (rows, columns, data = new Float32Array(rows * columns)) => ({ rows, columns, data });

/**
 * One row.
 *
 * @param {Matrix} matrix
 * @param {number} row
 */
export const takeRow = ({ columns, data }, row) => data.subarray(row * columns, (row + 1) * columns);

/**
 * Each row of a matrix times a kernel, and a bias if there is one.
 *
 * @param {Matrix} x (rows, n)
 * @param {Matrix} kernel (n, m)
 * @param {Float32Array} [bias] (m)
 * @returns {Matrix} (rows, m)
 */
export function multiply(x, kernel, bias) {
  const out = makeMatrix(x.rows, kernel.columns);
  for (let row = 0; row < x.rows; row += 1) addProduct(takeRow(x, row), kernel, takeRow(out, row), bias);
  return out;
}

/**
 * A row times a kernel, into a row; with a bias instead of what stands there.
 *
 * @param {Float32Array} row (n)
 * @param {Matrix} kernel (n, m)
 * @param {Float32Array} out (m)
 * @param {Float32Array} [bias] (m)
 */
export function addProduct(row, { columns, data }, out, bias) {
  if (bias) out.set(bias);
  for (let place = 0; place < row.length; place += 1) {
    const value = row[place];
    const from = place * columns;
    for (let column = 0; column < columns; column += 1) out[column] += value * data[from + column];
  }
}

/**
 * @param {Float32Array} one
 * @param {Float32Array} other
 */
export function dot(one, other) {
  let sum = 0;
  for (let place = 0; place < one.length; place += 1) sum += one[place] * other[place];
  return sum;
}

/**
 * Shares that sum to 1, in place, of the numbers at `first`, `first + step` and so on.
 *
 * @param {Float32Array} data
 * @param {number} first
 * @param {number} step
 * @param {number} count
 */
export function softmax(data, first = 0, step = 1, count = data.length) {
  const end = first + step * count;
  let largest = -Infinity;
  for (let place = first; place < end; place += step) largest = Math.max(largest, data[place]);
  let sum = 0;
  for (let place = first; place < end; place += step) {
    data[place] = Math.exp(data[place] - largest);
    sum += data[place];
  }
  for (let place = first; place < end; place += step) data[place] /= sum;
}

/** @param {number} x */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/**
 * @param {Matrix} x
 * @param {(value: number) => number} change
 * @returns {Matrix}
 */
export const map = ({ rows, columns, data }, change) => makeMatrix(rows, columns, data.map(change));
