// Matrices of weights as Python packs them (attnviz/values/packed_array.py): codes of 8 or 16 bits, linear in the
// weight.

/** @typedef {readonly Float64Array[]} Rows weights, row by row */

/**
 * @typedef {object} Packed
 * @property {[rows: number, columns: number]} shape
 * @property {8 | 16} bits
 * @property {number[]} largest what the largest code stands for, of all rows or of each
 * @property {string} codes base64, little endian, row by row
 */

/**
 * @param {Packed} packed
 * @returns {Float64Array[]}
 */
export function unpack({ shape: [rows, columns], bits, largest, codes }) {
  const read = readCodes(codes, bits);
  return count(rows).map((row) => {
    const step = largest[largest.length > 1 ? row : 0] / (2 ** bits - 1);
    const weights = new Float64Array(columns);
    for (let column = 0; column < columns; column += 1) weights[column] = read(row * columns + column) * step;
    return weights;
  });
}

/**
 * @param {string} codes
 * @param {8 | 16} bits
 * @returns {(place: number) => number}
 */
function readCodes(codes, bits) {
  const letters = atob(codes);
  if (bits === 8) return (place) => letters.charCodeAt(place);
  return (place) => letters.charCodeAt(2 * place) + 256 * letters.charCodeAt(2 * place + 1);
}

/**
 * 0, 1, 2, …
 *
 * @param {number} size
 */
export const count = (size) => [...Array(size).keys()];
