// A long short-term memory as Keras has it: gates in the order i, f, c, o.

import { addProduct, makeMatrix, sigmoid, takeRow } from './matrix.js';

/** @import { Matrix } from './matrix.js' */

/**
 * The states after each step.
 *
 * @param {Matrix} x (steps, n)
 * @param {Matrix[]} weights kernel (n, 4 * units), recurrent kernel (units, 4 * units), bias (1, 4 * units)
 * @param {boolean} backward whether it reads from the last step to the first
 * @returns {Matrix} (steps, units)
 */
export function runLstm(x, [kernel, recurrent, bias], backward = false) {
  const units = recurrent.rows;
  const states = makeMatrix(x.rows, units);
  const gates = new Float32Array(4 * units);
  const cell = new Float32Array(units);
  /** @type {Float32Array<ArrayBufferLike>} */
  let before = new Float32Array(units);
  for (let step = 0; step < x.rows; step += 1) {
    const row = backward ? x.rows - 1 - step : step;
    addProduct(takeRow(x, row), kernel, gates, bias.data);
    addProduct(before, recurrent, gates);
    before = takeRow(states, row);
    update(gates, cell, before);
  }
  return states;
}

/**
 * @param {Float32Array} gates
 * @param {Float32Array} cell
 * @param {Float32Array} state
 */
function update(gates, cell, state) {
  const units = cell.length;
  for (let unit = 0; unit < units; unit += 1) {
    const candidate = Math.tanh(gates[2 * units + unit]);
    cell[unit] = sigmoid(gates[units + unit]) * cell[unit] + sigmoid(gates[unit]) * candidate;
    state[unit] = sigmoid(gates[3 * units + unit]) * Math.tanh(cell[unit]);
  }
}
