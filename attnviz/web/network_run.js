// The layers of a network over a row of word ids; what the unchanged beginning gave is not computed again.

import { openKernel } from './kernel.js';
import { plural, t } from './language.js';
import { Arena } from './network_arena.js';
import { damaged, readTensor } from './network_file.js';
import { buildEmbedding, buildLayer } from './network_layers.js';

/** @typedef {import('./kernel.js').Kernel} Kernel */
/** @typedef {import('./network_file.js').NetworkPlan} NetworkPlan */
/** @typedef {import('./network_parts.js').Step} Step */

/**
 * The layers of a file, ready to run.
 * @param {NetworkPlan} plan
 * @param {DataView<ArrayBuffer>} weights
 * @param {boolean} simd
 */
export async function openRun(plan, weights, simd) {
  const run = new NetworkRun(plan);
  const kernel = await openKernel(run.arena.size, simd);
  for (const { at, start, size } of run.arena.weights) {
    kernel.memory.set(readTensor(weights, plan.dtype, start, size), at);
  }
  run.kernel = kernel;
  return run;
}

export class NetworkRun {
  /** @type {Kernel | null} */
  kernel = null;
  /** What is in the memory. @type {number[]} */
  #ids = [];
  /** @type {Map<string, Step>} */
  #steps = new Map();

  /** @param {NetworkPlan} plan */
  constructor(plan) {
    this.plan = plan;
    this.arena = new Arena(plan.steps);
    const kernel = () => /** @type {Kernel} */ (this.kernel);
    for (const layer of plan.layers) {
      if (layer.kind === 'words') continue;
      const inputs = layer.inputs.map((name) => /** @type {Step} */ (this.#steps.get(name)));
      const step =
        layer.kind === 'embedding'
          ? buildEmbedding(layer, this.arena, kernel, (row) => this.#ids[row])
          : buildLayer(layer, inputs, this.arena, kernel);
      this.#steps.set(layer.name, step);
    }
    this.#check();
  }

  /** Whether it reads in both directions. */
  get both() {
    return [...this.#steps.values()].some((step) => step.both);
  }

  /**
   * Read a row of word ids.
   * @param {ArrayLike<number>} ids at most as many as the network has steps
   */
  read(ids) {
    let same = 0;
    while (same < ids.length && this.#ids[same] === ids[same]) same += 1;
    this.#ids = Array.from(ids);
    /** @type {Map<Step, number>} the first row of a layer that is new */
    const first = new Map();
    for (const layer of this.plan.layers) {
      const step = this.#steps.get(layer.name);
      if (!step || first.has(step)) continue;
      const from = layer.inputs.reduce((least, name) => {
        const input = this.#steps.get(name);
        return Math.min(least, input ? (first.get(input) ?? 0) : same);
      }, ids.length);
      step.run(from, ids.length);
      first.set(step, step.causal ? from : 0);
    }
  }

  /** The probability of each label, of what was read last. */
  get probabilities() {
    const { at, columns } = this.#last;
    const found = Array.from(this.#memory.subarray(at, at + columns));
    return columns === 1 ? [1 - found[0], found[0]] : found;
  }

  /** The attention weight of each word, the mean where it has several; null without attention. */
  get scores() {
    const step = this.plan.attention && this.#steps.get(this.plan.attention.layer);
    return step ? averageWeights(this.#memory, step, this.#ids.length) : null;
  }

  /** How several weights of a word became one, as values/attention.py says it; '' where it has one. */
  get reduction() {
    const step = this.plan.attention && this.#steps.get(this.plan.attention.layer);
    return step ? describeReduction(step) : '';
  }

  get #memory() {
    return /** @type {Kernel} */ (this.kernel).memory;
  }

  get #last() {
    return /** @type {Step} */ (this.#steps.get(this.plan.layers[this.plan.layers.length - 1].name));
  }

  #check() {
    const { plan } = this;
    const [last, attention] = [this.#last, plan.attention && this.#steps.get(plan.attention.layer)];
    const answers = plan.labels.length === 2 ? [1, 2] : [plan.labels.length];
    if (last?.form !== 'one' || !answers.includes(last.columns)) throw damaged(t`its last layer gives no answer`);
    if (plan.attention && !attention) throw damaged(t`its attention is no layer of it`);
    const tables = plan.layers.filter(({ kind }) => kind === 'embedding').map(({ tensors }) => tensors.table.shape[0]);
    if (tables.length !== 1 || tables[0] !== plan.vocabulary.length)
      throw damaged(t`its words are not those of its vectors`);
  }
}

/** @param {Step} step */
function describeReduction({ form, columns: n }) {
  const isMatrix = form === 'maps';
  const maps = isMatrix ? plural(n)`${n} head|${n} heads` : plural(n)`${n} feature|${n} features`;
  const mean = n > 1 ? t`mean of ${maps}` : '';
  const queries = isMatrix ? t`received from all words` : '';
  return mean && queries ? t`${mean}, ${queries}` : mean || queries;
}

/**
 * One weight a word.
 * @param {Float32Array} memory
 * @param {Step} step
 * @param {number} words
 */
function averageWeights(memory, { form, at, columns }, words) {
  const found = new Float64Array(words);
  const count = words * (form === 'weights' ? 1 : form === 'steps' ? columns : columns * words);
  for (let place = 0; place < count; place += 1) {
    found[form === 'steps' ? Math.floor(place / columns) : place % words] += memory[at + place];
  }
  return Float32Array.from(found, (sum) => (sum * words) / count);
}
