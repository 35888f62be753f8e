// All attention weights of one text, and how several weights of a word become one. The same as `Attention` in Python
// (attnviz/values/attention.py): exact means in double precision.

/**
 * Which of a word's weights make its score.
 *
 * @typedef {object} Reduction
 * @property {number | null} map a head or a feature, counted from 0; null for the mean of all
 * @property {number | null} query what the word of that place attends to; null for the mean over all queries
 */

/**
 * @typedef {object} PlainWeights as they come from Python
 * @property {string[]} names of the maps: 'head 1', 'feature 7'
 * @property {[maps: number, queries: number, words: number]} shape
 * @property {string} weights base64 of float32, little endian: map by map, query by query, word by word
 */

export class AttentionWeights {
  /** @param {PlainWeights} plain */
  constructor({ names, shape, weights }) {
    this.names = names;
    this.queries = shape[1];
    this.words = shape[2];
    this.weights = decode(weights);
  }

  get maps() {
    return this.names.length;
  }

  /** Whether every word has a query of its own. */
  get isMatrix() {
    return this.queries > 1;
  }

  /** What a map is: 'head', 'feature'. */
  get kind() {
    return this.names[0].split(' ', 1)[0];
  }

  /**
   * One score a word; they sum to 1, as the weights of each query do.
   *
   * @param {Reduction} how
   */
  reduce({ map, query }) {
    const maps = map === null ? count(this.maps) : [map];
    const queries = query === null ? count(this.queries) : [query];
    const sums = new Float64Array(this.words);
    for (const one of maps) {
      for (const row of queries) {
        const start = (one * this.queries + row) * this.words;
        for (let word = 0; word < this.words; word += 1) sums[word] += this.weights[start + word];
      }
    }
    return sums.map((sum) => sum / (maps.length * queries.length));
  }

  /**
   * The rows of a heat map: of a matrix its queries, in one map or the mean of all; else the maps themselves.
   *
   * @param {number | null} map
   * @returns {Float64Array[]}
   */
  listRows(map) {
    if (this.isMatrix) return count(this.queries).map((query) => this.reduce({ map, query }));
    return count(this.maps).map((one) => this.reduce({ map: one, query: null }));
  }

  /** The least and the largest of all weights: rows and means lie between them. */
  get range() {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const weight of this.weights) {
      low = Math.min(low, weight);
      high = Math.max(high, weight);
    }
    return { low, high };
  }

  /**
   * In words what `reduce` does, as `describe_reduction` in Python.
   *
   * @param {Reduction} how
   */
  describe({ map, query }) {
    const maps = map === null ? `mean of ${this.maps} ${this.kind}s` : this.names[map];
    if (!this.isMatrix) return maps;
    const queries = query === null ? 'received from all words' : `from word ${query + 1}`;
    return this.maps > 1 ? `${maps}, ${queries}` : queries;
  }
}

/**
 * 0, 1, 2, …
 *
 * @param {number} size
 */
export const count = (size) => [...Array(size).keys()];

/**
 * The weight that has the full colour: the largest one, and at least so many times an even share.
 *
 * @param {number} largest
 * @param {number} words
 * @param {number} evenShares
 */
export const getFullWeight = (largest, words, evenShares) => Math.max(largest, Math.min(evenShares / words, 1));

/** @param {string} text */
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from(count(bytes.length / 4), (place) => view.getFloat32(place * 4, true));
}
