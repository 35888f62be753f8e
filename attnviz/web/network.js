// A network that runs in the browser: words, probabilities and attention weights of a text, equal to Python's.

import { t } from './language.js';
import { readNetworkFile } from './network_file.js';
import { openRun } from './network_run.js';
import { splitCharacters } from './unspaced_scripts.js';
import { checkText, splitWords } from './words_reader.js';

/** @typedef {import('./network_file.js').NetworkPlan} NetworkPlan */
/** @typedef {import('./network_run.js').NetworkRun} NetworkRun */

/**
 * @typedef {object} ReadToken a word that the network reads
 * @property {string} word
 * @property {number} start where it begins in the text, in UTF-16 code units
 * @property {number} end
 * @property {number} id
 * @property {boolean} known
 */

/**
 * @typedef {object} Reading
 * @property {string} text
 * @property {ReadToken[]} tokens those that are read
 * @property {number} truncated how many words at the start are not read
 * @property {number[] | null} probabilities one a label; null if there is no word
 * @property {Float32Array | null} scores the attention weight of each token; null without attention
 */

const UNKNOWN = 2;
const SPLITTERS = { words: splitWords, characters: splitCharacters };
const SPECIAL = 3;

/**
 * The network in a file.
 * @param {ArrayBuffer} buffer
 * @param {{ simd?: boolean }} [options] whether SIMD may be used; without it plain JavaScript computes the same
 * @returns {Promise<Network>}
 * @throws {Error} the file is damaged or of another kind; says how
 */
export async function openNetwork(buffer, { simd = true } = {}) {
  const { plan, weights } = readNetworkFile(buffer);
  return new Network(plan, await openRun(plan, weights, simd));
}

export class Network {
  #run;
  /** @type {Map<string, number>} */
  #ids;

  /**
   * @param {NetworkPlan} plan
   * @param {NetworkRun} run
   */
  constructor(plan, run) {
    this.#run = run;
    this.#ids = new Map(plan.vocabulary.map((word, id) => [word, id]));
    for (const special of plan.vocabulary.slice(0, SPECIAL)) this.#ids.delete(special);
    this.name = plan.name;
    this.title = plan.title;
    this.labels = plan.labels;
    /** The label that is explained if nobody says which; null for the most probable one. @type {number | null} */
    this.target = plan.target;
    this.steps = plan.steps;
    this.unit = plan.unit;
    /** The axes of its attention weights: 'tokens', and 'features', 'heads', 'queries' where there are such. */
    this.axes = plan.attention?.axes ?? [];
    /** How several weights of a word became one, in words. */
    this.reduction = run.reduction;
    this.attends = plan.attention !== null;
    /** Whether what it makes of a word depends on the words before it only. */
    this.forward = !run.both;
    this.simd = Boolean(run.kernel?.simd);
    /** Of the weights in float32. */
    this.sha256 = plan.sha256;
    this.dtype = plan.dtype;
  }

  /**
   * A text as the network reads it.
   * @param {string} text
   * @returns {Reading}
   * @throws {Error} the text is too long
   */
  read(text) {
    const { tokens, truncated } = this.tokenize(text);
    if (!tokens.length)
      return { text, tokens, truncated, probabilities: null, scores: this.attends ? new Float32Array() : null };
    return { text, tokens, truncated, ...this.readWords(tokens.map((token) => token.id)) };
  }

  /**
   * The words of a text that the network reads: the last ones.
   * @param {string} text
   * @returns {{ tokens: ReadToken[], truncated: number }}
   */
  tokenize(text) {
    const words = SPLITTERS[this.unit](checkText(text));
    const truncated = Math.max(0, words.length - this.steps);
    const tokens = words.slice(truncated).map(({ word, start, end }) => {
      const id = this.idOf(word);
      return { word, start, end, id, known: id !== UNKNOWN };
    });
    return { tokens, truncated };
  }

  /**
   * The id of a word, spelled as its splitter gives it.
   * @param {string} word
   */
  idOf(word) {
    return this.#ids.get(word) ?? UNKNOWN;
  }

  /**
   * What the network makes of words by their ids; without any, of padding alone.
   * @param {ArrayLike<number>} ids of more than `steps` the last ones are read
   * @returns {{ probabilities: number[], scores: Float32Array | null }}
   */
  readWords(ids) {
    const read = Array.from(ids).slice(-this.steps);
    for (const id of read)
      if (!(Number.isInteger(id) && id >= 0 && id < this.#size)) throw new Error(t`No word has the id ${id}.`);
    this.#run.read(read);
    return { probabilities: this.#run.probabilities, scores: this.#run.scores };
  }

  /**
   * The label that is explained, of these probabilities.
   * @param {number[]} probabilities
   */
  targetOf(probabilities) {
    if (this.target !== null) return this.target;
    return probabilities.lastIndexOf(Math.max(...probabilities)); // the last of equal ones, as in Python
  }

  /**
   * The probability of the whole text's target after 1, 2, ... of the words that are read.
   * @param {string} text
   * @returns {Float64Array}
   */
  readPrefixes(text) {
    const ids = this.#read(text);
    const target = this.#targetOf(ids);
    return Float64Array.from(ids, (_, last) => this.readProbability(ids.slice(0, last + 1), target));
  }

  /**
   * For every word that is read, the target's probability with it minus that without it.
   * @param {string} text
   * @returns {Float64Array}
   */
  leaveOneOut(text) {
    const ids = this.#read(text);
    const target = this.#targetOf(ids);
    const whole = this.readProbability(ids, target);
    const found = new Float64Array(ids.length);
    // from the end, so that each reading shares its beginning with the one before
    for (let place = ids.length - 1; place >= 0; place -= 1) {
      found[place] = whole - this.readProbability([...ids.slice(0, place), ...ids.slice(place + 1)], target);
    }
    return found;
  }

  /**
   * @param {number[]} ids
   * @param {number} target
   */
  readProbability(ids, target) {
    this.#run.read(ids);
    return this.#run.probabilities[target];
  }

  get #size() {
    return this.#run.plan.vocabulary.length;
  }

  /** @param {string} text */
  #read(text) {
    return this.tokenize(text).tokens.map((token) => token.id);
  }

  /** @param {number[]} ids */
  #targetOf(ids) {
    return this.targetOf(this.readWords(ids).probabilities);
  }
}
