// LSTM layers as Keras has them: gates in the order input, forget, candidate, output; no peepholes.

import { sigmoid, tanh } from './network_parts.js';

/** @typedef {import('./network_arena.js').Arena} Arena */
/** @typedef {import('./network_parts.js').Step} Step */
/** @typedef {import('./network_parts.js').LayerPlan} LayerPlan */
/** @typedef {import('./network_parts.js').Kernel} Kernel */

const KEPT_WORDS = 1_024;

/**
 * @param {LayerPlan} layer
 * @param {Step[]} inputs
 * @param {Arena} arena
 * @param {() => Kernel} kernel
 * @returns {Step}
 */
export function lstm(layer, [input], arena, kernel) {
  const way = new Direction(layer, '', input, arena, kernel, false);
  if (layer.settings.return_sequences) {
    return { form: 'steps', at: way.states, columns: way.units, causal: true, run: (from, n) => way.run(from, n) };
  }
  const at = arena.reserve(way.units);
  return {
    form: 'one',
    at,
    columns: way.units,
    causal: true,
    run: (from, n) => {
      way.run(from, n);
      copy(kernel().memory, n ? way.stateOf(n - 1) : way.zeros, at, way.units);
    },
  };
}

/**
 * Two LSTM layers, one of which reads from the end; a row is the state of the first beside that of the second.
 * @param {LayerPlan} layer
 * @param {Step[]} inputs
 * @param {Arena} arena
 * @param {() => Kernel} kernel
 * @returns {Step}
 */
export function bilstm(layer, [input], arena, kernel) {
  const [ahead, back] = ['forward_', 'backward_'].map(
    (prefix) => new Direction(layer, prefix, input, arena, kernel, prefix === 'backward_'),
  );
  const columns = ahead.units + back.units;
  const sequences = Boolean(layer.settings.return_sequences);
  const at = arena.reserve(columns * (sequences ? arena.steps : 1));
  /** @type {(row: number, one: number, other: number) => void} */
  const join = (row, one, other) => {
    copy(kernel().memory, one, at + row * columns, ahead.units);
    copy(kernel().memory, other, at + row * columns + ahead.units, back.units);
  };
  const run = (/** @type {number} */ from, /** @type {number} */ n) => {
    ahead.run(from, n);
    back.run(0, n);
    if (!sequences) join(0, n ? ahead.stateOf(n - 1) : ahead.zeros, n ? back.stateOf(0) : back.zeros);
    else for (let row = 0; row < n; row += 1) join(row, ahead.stateOf(row), back.stateOf(row));
  };
  return { form: sequences ? 'steps' : 'one', at, columns, causal: false, both: true, run };
}

/** An LSTM that goes over the rows in one direction. */
class Direction {
  /** Where the product of a word's row with the kernel is kept, by word id. @type {Map<number, number>} */
  #kept = new Map();

  /**
   * @param {LayerPlan} layer
   * @param {string} prefix of the names of its weights
   * @param {Step} input
   * @param {Arena} arena
   * @param {() => Kernel} kernel
   * @param {boolean} backward
   */
  constructor(layer, prefix, input, arena, kernel, backward) {
    this.input = input;
    this.backward = backward;
    this.kernel = kernel;
    this.units = layer.tensors[`${prefix}recurrent`]?.shape[0] ?? 0;
    const gates = 4 * this.units;
    this.weights = arena.place(layer, `${prefix}kernel`, input.columns, gates);
    this.recurrent = arena.place(layer, `${prefix}recurrent`, this.units, gates);
    this.bias = arena.place(layer, `${prefix}bias`, gates);
    this.states = arena.reserve(arena.steps * this.units);
    this.cells = arena.reserve(arena.steps * this.units);
    this.zeros = arena.reserve(this.units);
    this.gates = arena.reserve(gates);
    this.projected = arena.reserve(KEPT_WORDS * gates);
  }

  /** @param {number} row */
  stateOf(row) {
    return this.states + row * this.units;
  }

  /**
   * @param {number} from
   * @param {number} words
   */
  run(from, words) {
    if (this.backward) for (let row = words - 1; row >= from; row -= 1) this.#step(row, row + 1 < words ? row + 1 : -1);
    else for (let row = from; row < words; row += 1) this.#step(row, row - 1);
  }

  /**
   * @param {number} row
   * @param {number} before the row that was read before it, -1 for none
   */
  #step(row, before) {
    const { memory, multiplyAdd } = this.kernel();
    const { units, gates } = this;
    const [state, cell] = before < 0 ? [this.zeros, this.zeros] : [this.stateOf(before), this.cells + before * units];
    copy(memory, this.#project(row), gates, 4 * units);
    multiplyAdd(state, units, this.recurrent, 4 * units, gates);
    const [states, cells] = [this.stateOf(row), this.cells + row * units];
    for (let unit = 0; unit < units; unit += 1) {
      const candidate = sigmoid(memory[gates + unit]) * tanh(memory[gates + 2 * units + unit]);
      const next = sigmoid(memory[gates + units + unit]) * memory[cell + unit] + candidate;
      memory[cells + unit] = next;
      memory[states + unit] = sigmoid(memory[gates + 3 * units + unit]) * tanh(next);
    }
  }

  /**
   * Where the row's product with the kernel, plus the bias, lies. Words come again, so it is kept by word.
   * @param {number} row
   */
  #project(row) {
    const id = this.input.idOf ? this.input.idOf(row) : -1;
    const kept = id < 0 ? undefined : this.#kept.get(id);
    if (kept !== undefined) return kept;
    if (this.#kept.size === KEPT_WORDS) this.#kept.clear();
    const { memory, multiplyAdd } = this.kernel();
    const at = this.projected + (id < 0 ? 0 : this.#kept.size) * 4 * this.units;
    copy(memory, this.bias, at, 4 * this.units);
    multiplyAdd(this.input.at + row * this.input.columns, this.input.columns, this.weights, 4 * this.units, at);
    if (id >= 0) this.#kept.set(id, at);
    return at;
  }
}

/**
 * @param {Float32Array} memory
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
const copy = (memory, from, to, count) => memory.copyWithin(to, from, from + count);
