// The table of layers: from a layer of the file to what computes it. Its other side is living/exported_layers.py.

import { t } from './language.js';
import { additive, dotProduct, featurewise, luong, multiHeadSum, multiHeadWeights } from './network_attention.js';
import { damaged } from './network_file.js';
import { bilstm, lstm } from './network_lstm.js';
import { ACTIVATIONS } from './network_parts.js';

/** @typedef {import('./network_parts.js').Step} Step */
/** @typedef {import('./network_parts.js').LayerPlan} LayerPlan */
/** @typedef {import('./network_attention.js').Build} Build */

/** @type {Record<string, Build>} */
const BUILDERS = {
  same: (_, [input]) => input,
  positions,
  lstm,
  bilstm,
  last_state: lastState,
  luong,
  dot_product: dotProduct,
  additive,
  featurewise,
  multi_head_weights: multiHeadWeights,
  multi_head_sum: multiHeadSum,
  weighted_sum: weightedSum,
  masked_mean: maskedMean,
  concatenate,
  add,
  layer_norm: layerNorm,
  dense,
};

/**
 * What computes a layer.
 * @type {Build}
 */
export function buildLayer(layer, inputs, arena, kernel) {
  const build = Object.hasOwn(BUILDERS, layer.kind) ? BUILDERS[layer.kind] : null;
  if (!build) throw new Error(t`This page knows no layer of the kind ${JSON.stringify(layer.kind)}.`);
  if (inputs.some((input) => !input) || !inputs.length) {
    throw damaged(t`${layer.name} reads a layer that is not there`);
  }
  return build(layer, inputs, arena, kernel);
}

/**
 * The vectors of the words; the ids stand outside the memory.
 * @param {LayerPlan} layer
 * @param {import('./network_arena.js').Arena} arena
 * @param {() => import('./kernel.js').Kernel} kernel
 * @param {(row: number) => number} idOf
 * @returns {Step}
 */
export function buildEmbedding(layer, arena, kernel, idOf) {
  const columns = layer.tensors.table?.shape[1] ?? 0;
  const table = arena.place(layer, 'table', Number.NaN, columns);
  const at = arena.reserve(arena.steps * columns);
  const run = (/** @type {number} */ from, /** @type {number} */ words) => {
    for (let row = from; row < words; row += 1) {
      const place = table + idOf(row) * columns;
      kernel().memory.copyWithin(at + row * columns, place, place + columns);
    }
  };
  return { form: 'steps', at, columns, causal: true, idOf, run };
}

/** @type {Build} */
function positions(layer, [input], arena, kernel) {
  const { columns } = input;
  const table = arena.place(layer, 'table', arena.steps, columns);
  return rows(input, columns, arena, (row, at) => {
    const { memory } = kernel();
    const [from, place] = [input.at + row * columns, table + row * columns];
    for (let column = 0; column < columns; column += 1)
      memory[at + column] = memory[from + column] + memory[place + column];
  });
}

/** @type {Build} */
function dense(layer, [input], arena, kernel) {
  const columns = layer.tensors.kernel?.shape[1] ?? 0;
  const weights = arena.place(layer, 'kernel', input.columns, columns);
  const bias = layer.tensors.bias ? arena.place(layer, 'bias', columns) : arena.reserve(columns);
  const activate = ACTIVATIONS[layer.settings.activation];
  if (!activate) throw new Error(t`This page knows no activation ${JSON.stringify(layer.settings.activation)}.`);
  const sum = arena.reserve(columns);
  return rows(input, columns, arena, (row, at) => {
    const { memory, multiplyAdd } = kernel();
    memory.copyWithin(sum, bias, bias + columns);
    multiplyAdd(input.at + row * input.columns, input.columns, weights, columns, sum);
    activate(memory, sum, columns);
    memory.copyWithin(at, sum, sum + columns);
  });
}

/** @type {Build} */
function add(_layer, inputs, arena, kernel) {
  const { columns } = inputs[0];
  const step = rows(inputs[0], columns, arena, (row, at) => {
    const { memory } = kernel();
    for (let column = 0; column < columns; column += 1) {
      memory[at + column] = inputs.reduce((sum, input) => sum + memory[input.at + row * columns + column], 0);
    }
  });
  return { ...step, causal: inputs.every((input) => input.causal) };
}

/** @type {Build} */
function layerNorm(layer, [input], arena, kernel) {
  const { columns } = input;
  const [gamma, beta] = [arena.place(layer, 'gamma', columns), arena.place(layer, 'beta', columns)];
  return rows(input, columns, arena, (row, at) => {
    const { memory } = kernel();
    const given = memory.subarray(input.at + row * columns, input.at + (row + 1) * columns);
    const mean = given.reduce((sum, x) => sum + x, 0) / columns;
    const variance = given.reduce((sum, x) => sum + (x - mean) ** 2, 0) / columns;
    const scale = 1 / Math.sqrt(variance + layer.settings.epsilon);
    for (let column = 0; column < columns; column += 1) {
      memory[at + column] = (given[column] - mean) * scale * memory[gamma + column] + memory[beta + column];
    }
  });
}

/**
 * A layer that makes a row of each row of its input.
 * @param {Step} input
 * @param {number} columns
 * @param {import('./network_arena.js').Arena} arena
 * @param {(row: number, at: number) => void} fill
 * @returns {Step}
 */
function rows(input, columns, arena, fill) {
  const one = input.form === 'one';
  const at = arena.reserve(columns * (one ? 1 : arena.steps));
  const run = (/** @type {number} */ from, /** @type {number} */ words) => {
    for (let row = one ? 0 : from; row < (one ? 1 : words); row += 1) fill(row, at + row * columns);
  };
  return { form: input.form, at, columns, causal: true, run };
}

/** @type {Build} */
function lastState(_layer, [states], arena, kernel) {
  return one(states.columns, arena, kernel, ({ memory }, at, words) => {
    const row = states.at + (words - 1) * states.columns;
    if (words) memory.copyWithin(at, row, row + states.columns);
  });
}

/** @type {Build} */
function maskedMean(_layer, [states], arena, kernel) {
  const { columns } = states;
  return one(columns, arena, kernel, ({ memory }, at, words) => {
    for (let place = 0; place < words * columns; place += 1)
      memory[at + (place % columns)] += memory[states.at + place];
    for (let column = 0; column < columns; column += 1) memory[at + column] /= Math.max(1, words);
  });
}

/** Weights may be one a word, or one a word and feature. @type {Build} */
function weightedSum(_layer, [weights, states], arena, kernel) {
  const { columns } = states;
  return one(columns, arena, kernel, ({ memory, multiplyAdd }, at, words) => {
    if (weights.form === 'weights') multiplyAdd(weights.at, words, states.at, columns, at);
    else {
      for (let place = 0; place < words * columns; place += 1) {
        memory[at + (place % columns)] += memory[weights.at + place] * memory[states.at + place];
      }
    }
  });
}

/** @type {Build} */
function concatenate(layer, inputs, arena, kernel) {
  const isOne = inputs.every((input) => input.form === 'one');
  if (!isOne) throw new Error(t`This page does not know how ${layer.name} joins.`);
  const columns = inputs.reduce((sum, input) => sum + input.columns, 0);
  return one(columns, arena, kernel, ({ memory }, at) => {
    let to = at;
    for (const input of inputs) {
      memory.copyWithin(to, input.at, input.at + input.columns);
      to += input.columns;
    }
  });
}

/**
 * A layer that makes one row, which starts with zeros, of all words.
 * @param {number} columns
 * @param {import('./network_arena.js').Arena} arena
 * @param {() => import('./kernel.js').Kernel} kernel
 * @param {(kernel: import('./kernel.js').Kernel, at: number, words: number) => void} fill
 * @returns {Step}
 */
function one(columns, arena, kernel, fill) {
  const at = arena.reserve(columns);
  const run = (/** @type {number} */ _, /** @type {number} */ words) => {
    kernel().memory.fill(0, at, at + columns);
    fill(kernel(), at, words);
  };
  return { form: 'one', at, columns, causal: false, run };
}
