// A network that reads in the browser: from a text to the probability of each label and the attention of each word.

import { makeMatrix, takeRow } from './matrix.js';
import { readNetworkFile } from './network_file.js';
import { LAYERS } from './network_layers.js';
import { WordsReader } from './words_reader.js';

/** @import { Matrix } from './matrix.js' */
/** @import { Header } from './network_file.js' */
/** @import { LayerRow } from './network_layers.js' */

const PADDING = 0;
const UNKNOWN = 2;
const SPECIAL = 3; // ids below it are no words

/** @typedef {{ word: string, start: number, end: number, id: number, known: boolean }} ReadWord */

/**
 * @typedef {object} Reading
 * @property {string} text
 * @property {ReadWord[]} tokens those that are read
 * @property {number} truncated how many words before them are not
 * @property {number[] | null} probabilities null if there is no word to read
 * @property {Float32Array | null} scores the attention; null of a network without
 */

/** @typedef {{ probabilities: number[], scores: Float32Array | null }} Found */

/**
 * @param {ArrayBuffer} content
 * @returns {Promise<Network>}
 */
export async function openNetwork(content) {
  const { header, weights } = readNetworkFile(content);
  return new Network(header, weights);
}

export class Network {
  /**
   * @param {Header} header
   * @param {Map<string, Matrix[]>} weights
   */
  constructor(header, weights) {
    this.header = header;
    this.name = header.name;
    this.title = header.title;
    this.labels = header.labels;
    this.target = header.target;
    this.steps = header.steps;
    this.attends = header.attention !== null;
    this.reduction = header.reduction;
    this.weights = weights;
    this.looks = header.layers.some(({ name, kind }) => name === header.attention && kind === 'heads');
    this.reader = new WordsReader(header.spelling);
    /** @type {Map<string, number>} */
    this.ids = new Map();
    for (let id = SPECIAL; id < header.words.length; id += 1) this.ids.set(header.words[id], id);
  }

  /**
   * @param {string} text
   * @returns {Reading}
   */
  read(text) {
    const words = this.reader.split(text);
    const tokens = words.slice(-this.steps).map((word) => {
      const id = this.ids.get(word.word) ?? UNKNOWN;
      return { ...word, id, known: id !== UNKNOWN };
    });
    const { probabilities, scores } = this.readWords(tokens.map(({ id }) => id));
    const truncated = words.length - tokens.length;
    return { text, tokens, truncated, probabilities: tokens.length ? probabilities : null, scores };
  }

  /**
   * What the network gives for the ids of some words. Of none it reads one step of padding, as in Python, which its
   * attention passes over.
   *
   * @param {number[]} ids
   * @returns {Found}
   */
  readWords(ids) {
    /** @type {Map<string, Matrix>} */
    const values = new Map();
    for (const row of this.header.layers) {
      const inputs = row.inputs.map((name) => /** @type {Matrix} */ (values.get(name)));
      values.set(row.name, this.compute(row, inputs, ids));
    }
    const { attention, answer } = this.header;
    const weights = attention === null || !ids.length ? null : /** @type {Matrix} */ (values.get(attention));
    const outputs = /** @type {Matrix} */ (values.get(answer)).data;
    return { probabilities: spread(outputs), scores: weights && average(weights, this.looks) };
  }

  /**
   * The label that is explained: the network's own, or the most probable one, the last of equal ones.
   *
   * @param {number[] | null} probabilities
   */
  findTarget(probabilities) {
    return this.target ?? (probabilities ? findPredicted(probabilities) : 0);
  }

  /**
   * @param {LayerRow} row
   * @param {Matrix[]} inputs
   * @param {number[]} ids
   * @returns {Matrix}
   */
  compute({ name, kind, settings }, inputs, ids) {
    const weights = /** @type {Matrix[]} */ (this.weights.get(name));
    if (kind === 'words') return makeMatrix(ids.length, 0);
    if (kind === 'embedding') return lookUp(ids.length ? ids : [PADDING], weights[0]);
    return LAYERS[kind](inputs, { settings, weights, blank: !ids.length });
  }
}

/**
 * The most probable label, the last of equal ones.
 *
 * @param {readonly number[]} probabilities
 */
const findPredicted = (probabilities) => probabilities.lastIndexOf(Math.max(...probabilities));

/**
 * The vectors of some words.
 *
 * @param {number[]} ids
 * @param {Matrix} vectors
 */
function lookUp(ids, vectors) {
  const out = makeMatrix(ids.length, vectors.columns);
  ids.forEach((id, row) => {
    takeRow(out, row).set(takeRow(vectors, id));
  });
  return out;
}

/**
 * One probability is that of the second of two labels.
 *
 * @param {Float32Array} outputs
 */
const spread = (outputs) => (outputs.length === 1 ? [1 - outputs[0], outputs[0]] : [...outputs]);

/**
 * One weight a word, the mean of those it has.
 *
 * @param {Matrix} weights (words, features), or where words look at words (heads * words that look, words)
 * @param {boolean} looks
 */
function average({ rows, columns, data }, looks) {
  const scores = new Float32Array(looks ? columns : rows);
  data.forEach((weight, place) => {
    scores[looks ? place % columns : Math.floor(place / columns)] += weight / (looks ? rows : columns);
  });
  return scores;
}
