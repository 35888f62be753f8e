// The memory of a network, and the one product that it needs: in WebAssembly with SIMD where the browser has it, else
// in plain JavaScript. Places in the memory are counted in floats.

import { KERNEL } from './kernel_bytes.js';

const PAGE_FLOATS = 65_536 / 4;

/**
 * @callback MultiplyAdd sum += vector (rows) times matrix (rows, columns)
 * @param {number} vector
 * @param {number} rows
 * @param {number} matrix
 * @param {number} columns
 * @param {number} sum
 * @returns {void}
 */

/**
 * @typedef {object} Kernel
 * @property {Float32Array} memory
 * @property {MultiplyAdd} multiplyAdd
 * @property {boolean} simd whether it computes with SIMD
 */

/**
 * @param {number} floats the size of the memory
 * @param {boolean} simd whether SIMD may be used
 * @returns {Promise<Kernel>}
 */
export async function openKernel(floats, simd) {
  return (simd && (await openSimd(floats))) || openPlain(floats);
}

/**
 * @param {number} floats
 * @returns {Promise<Kernel | null>} null where there is no WebAssembly, none with SIMD, or a policy forbids it
 */
async function openSimd(floats) {
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(floats / PAGE_FLOATS) + 1 });
    const bytes = Uint8Array.from(atob(KERNEL), (character) => character.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { network: { memory } });
    const four = /** @type {MultiplyAdd} */ (instance.exports.multiplyAdd);
    const view = new Float32Array(memory.buffer);
    const plain = writePlain(view);
    return {
      memory: view,
      simd: true,
      multiplyAdd: (vector, rows, matrix, columns, sum) => {
        if (columns % 4 || !columns) plain(vector, rows, matrix, columns, sum);
        else four(4 * vector, rows, 4 * matrix, columns, 4 * sum);
      },
    };
  } catch {
    return null;
  }
}

/**
 * @param {number} floats
 * @returns {Kernel}
 */
function openPlain(floats) {
  const memory = new Float32Array(floats);
  return { memory, simd: false, multiplyAdd: writePlain(memory) };
}

/**
 * @param {Float32Array} memory
 * @returns {MultiplyAdd}
 */
function writePlain(memory) {
  return (vector, rows, matrix, columns, sum) => {
    let [row, start] = [0, matrix];
    // four rows at a time: the sum is loaded and stored a quarter as often
    for (; row + 4 <= rows; row += 4) {
      const [at, second, third, fourth] = [vector + row, start + columns, start + 2 * columns, start + 3 * columns];
      const [a, b, c, d] = [memory[at], memory[at + 1], memory[at + 2], memory[at + 3]];
      for (let column = 0; column < columns; column += 1) {
        const upper = a * memory[start + column] + b * memory[second + column];
        memory[sum + column] += upper + c * memory[third + column] + d * memory[fourth + column];
      }
      start += 4 * columns;
    }
    for (; row < rows; row += 1) {
      const factor = memory[vector + row];
      for (let column = 0; column < columns; column += 1) memory[sum + column] += factor * memory[start + column];
      start += columns;
    }
  };
}
