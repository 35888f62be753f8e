// The attention layers: each gives the weights of the words, which sum to 1.

import { dot, softmax, tanh } from './network_parts.js';

/** @typedef {import('./network_arena.js').Arena} Arena */
/** @typedef {import('./network_parts.js').Step} Step */
/** @typedef {import('./network_parts.js').LayerPlan} LayerPlan */
/** @typedef {import('./network_parts.js').Kernel} Kernel */

/**
 * @callback Build
 * @param {LayerPlan} layer
 * @param {Step[]} inputs
 * @param {Arena} arena
 * @param {() => Kernel} kernel
 * @returns {Step}
 */

/** score_t = tanh(states_t kernel + bias_t) @type {Build} */
export function additive(layer, [states], arena, kernel) {
  const [weights, bias] = [arena.place(layer, 'kernel', states.columns, 1), arena.place(layer, 'bias', arena.steps, 1)];
  return score(arena, kernel, (memory, word) => {
    return tanh(dot(memory, states.at + word * states.columns, weights, states.columns) + memory[bias + word]);
  });
}

/** score_t = states_t kernel query @type {Build} */
export function luong(layer, [states, query], arena, kernel) {
  const units = states.columns;
  const weights = arena.place(layer, 'kernel', units, query.columns);
  const projected = arena.reserve(units);
  return score(
    arena,
    kernel,
    (memory, word) => dot(memory, states.at + word * units, projected, units),
    ({ memory }) => {
      for (let unit = 0; unit < units; unit += 1) {
        memory[projected + unit] = dot(memory, query.at, weights + unit * query.columns, query.columns);
      }
    },
  );
}

/** score_t = (query query_kernel) (states_t key_kernel) / sqrt(columns of the kernels) @type {Build} */
export function dotProduct(layer, [states, query], arena, kernel) {
  const units = states.columns;
  const size = layer.tensors.key_kernel?.shape[1] ?? 0;
  const asks = arena.place(layer, 'query_kernel', query.columns, size);
  const keys = arena.place(layer, 'key_kernel', units, size);
  const [asked, projected] = [arena.reserve(size), arena.reserve(units)];
  return score(
    arena,
    kernel,
    (memory, word) => dot(memory, states.at + word * units, projected, units),
    ({ memory, multiplyAdd }) => {
      memory.fill(0, asked, asked + size);
      multiplyAdd(query.at, query.columns, asks, size, asked);
      for (let unit = 0; unit < units; unit += 1) {
        memory[projected + unit] = dot(memory, asked, keys + unit * size, size) / Math.sqrt(size);
      }
    },
  );
}

/**
 * @param {Arena} arena
 * @param {() => Kernel} kernel
 * @param {(memory: Float32Array, word: number) => number} scoreOf
 * @param {(kernel: Kernel) => void} [prepare]
 * @returns {Step}
 */
function score(arena, kernel, scoreOf, prepare) {
  const at = arena.reserve(arena.steps);
  const run = (/** @type {number} */ _, /** @type {number} */ words) => {
    const { memory } = kernel();
    prepare?.(kernel());
    for (let word = 0; word < words; word += 1) memory[at + word] = scoreOf(memory, word);
    softmax(memory, at, words);
  };
  return { form: 'weights', at, columns: 1, causal: false, run };
}

/** scores_t = tanh(states_t kernel + bias), a softmax over the words for every feature @type {Build} */
export function featurewise(layer, [states], arena, kernel) {
  const units = states.columns;
  const [weights, bias] = [arena.place(layer, 'kernel', units, units), arena.place(layer, 'bias', units)];
  const [scores, at] = [arena.reserve(arena.steps * units), arena.reserve(arena.steps * units)];
  const run = (/** @type {number} */ from, /** @type {number} */ words) => {
    const { memory, multiplyAdd } = kernel();
    for (let word = from; word < words; word += 1) {
      const row = scores + word * units;
      memory.copyWithin(row, bias, bias + units);
      multiplyAdd(states.at + word * units, units, weights, units, row);
      for (let unit = 0; unit < units; unit += 1) memory[row + unit] = tanh(memory[row + unit]);
    }
    memory.copyWithin(at, scores, scores + words * units);
    for (let unit = 0; unit < units; unit += 1) softmax(memory, at + unit, words, units);
  };
  return { form: 'steps', at, columns: units, causal: false, run };
}

/** Scaled dot-product attention of every word to every word, in several heads @type {Build} */
export function multiHeadWeights(layer, [queries, keys], arena, kernel) {
  const heads = layer.settings.heads;
  const size = queries.columns / heads;
  const wide = 4 * Math.ceil(arena.steps / 4);
  const [turned, scores] = [arena.reserve(size * wide), arena.reserve(wide)];
  const at = arena.reserve(heads * arena.steps * arena.steps);
  const run = (/** @type {number} */ _, /** @type {number} */ words) => {
    const { memory, multiplyAdd } = kernel();
    const columns = 4 * Math.ceil(words / 4);
    for (let head = 0; head < heads; head += 1) {
      turn(memory, keys, head * size, size, words, columns, turned);
      for (let query = 0; query < words; query += 1) {
        const row = at + (head * words + query) * words;
        memory.fill(0, scores, scores + columns);
        multiplyAdd(queries.at + query * queries.columns + head * size, size, turned, columns, scores);
        for (let word = 0; word < words; word += 1) memory[row + word] = memory[scores + word] / Math.sqrt(size);
        softmax(memory, row, words);
      }
    }
  };
  return { form: 'maps', at, columns: heads, causal: false, both: true, run };
}

/**
 * A head's keys as (size, columns), with zeros behind the words.
 * @param {Float32Array} memory
 * @param {Step} keys
 * @param {number} start
 * @param {number} size
 * @param {number} words
 * @param {number} columns
 * @param {number} to
 */
function turn(memory, keys, start, size, words, columns, to) {
  memory.fill(0, to, to + size * columns);
  for (let word = 0; word < words; word += 1) {
    const row = keys.at + word * keys.columns + start;
    for (let unit = 0; unit < size; unit += 1) memory[to + unit * columns + word] = memory[row + unit];
  }
}

/** What each word attends to, the heads side by side @type {Build} */
export function multiHeadSum(_layer, [maps, values], arena, kernel) {
  const heads = maps.columns;
  const size = values.columns / heads;
  const at = arena.reserve(arena.steps * values.columns);
  const [own, sum] = [arena.reserve(arena.steps * size), arena.reserve(size)];
  const run = (/** @type {number} */ _, /** @type {number} */ words) => {
    const { memory, multiplyAdd } = kernel();
    for (let head = 0; head < heads; head += 1) {
      for (let word = 0; word < words; word += 1) {
        const row = values.at + word * values.columns + head * size;
        memory.copyWithin(own + word * size, row, row + size);
      }
      for (let query = 0; query < words; query += 1) {
        memory.fill(0, sum, sum + size);
        multiplyAdd(maps.at + (head * words + query) * words, words, own, size, sum);
        memory.copyWithin(at + query * values.columns + head * size, sum, sum + size);
      }
    }
  };
  return { form: 'steps', at, columns: values.columns, causal: false, run };
}
