// The maps of one text that have arrived, the last looked at the longest.

import { MapBlock } from './map_block.js';
import { unpack } from './packed.js';
import { nameKey } from './reduction.js';

/** @import { Frame } from './map_block.js' */
/** @import { Packed } from './packed.js' */
/** @import { Reduction } from './reduction.js' */

/**
 * @typedef {object} PlainRows what Python sends of one map
 * @property {Reduction} how
 * @property {[number, number]} rows
 * @property {[number, number]} tokens
 * @property {Packed} weights
 * @property {Packed} scores of all words
 */

/** @typedef {{ how: Reduction, rows: [number, number] | null, tokens: [number, number] | null }} Wanted */

const KEPT = 6_000_000; // weights: 48 MB

export class MapStore {
  /** @type {Map<string, MapBlock>} */
  blocks = new Map();
  /** @type {Map<string, Float64Array>} of single queries, of maps that are not here word by word */
  scores = new Map();

  /** @param {readonly PlainRows[]} all */
  add(all) {
    for (const { how, rows, tokens, weights, scores } of all) {
      this.blocks.delete(nameKey(how));
      this.blocks.set(nameKey(how), new MapBlock(rows, tokens, unpack(weights)));
      this.scores.set(nameQuery(how), unpack(scores)[0]);
    }
    this.forget();
  }

  /** The oldest go when all together are too large. */
  forget() {
    let sum = 0;
    for (const [key, { weights }] of [...this.blocks].reverse()) {
      sum += weights.length * weights[0].length;
      if (sum > KEPT && sum > weights.length * weights[0].length) this.blocks.delete(key);
    }
  }

  /** @param {Reduction} how */
  find(how) {
    return this.blocks.get(nameKey(how)) ?? null;
  }

  /**
   * The weights of a query.
   *
   * @param {Reduction} how with a query
   * @param {number} words
   * @returns {Float64Array | null} null as long as they are not here
   */
  findRow(how, words) {
    const block = this.find(how);
    const query = /** @type {number} */ (how.query);
    const isHere = block?.isExact && block.holds({ rows: [query, query + 1], columns: [0, words] });
    if (block && isHere) return block.weights[query - block.rows[0]];
    return this.scores.get(nameQuery(how)) ?? null;
  }

  /**
   * What has to be asked for to show this; null for nothing.
   *
   * @param {Reduction} how
   * @param {Frame} frame the part of the map that is seen
   * @param {number} words
   * @returns {Wanted | null}
   */
  listMissing(how, { rows, columns }, words) {
    const block = this.find(how);
    const isWhole = columns[1] - columns[0] === words;
    const isSharp = block && (block.isExact ? block.holds({ rows, columns }) : isWhole && isAll(block, words));
    const hasRow = how.query === null || this.findRow(how, words);
    if (isSharp && hasRow) return null;
    return { how, rows: isWhole ? null : rows, tokens: isWhole ? null : columns };
  }
}

/**
 * @param {MapBlock} block
 * @param {number} words
 */
const isAll = ({ columns }, words) => columns[0] === 0 && columns[1] === words;

/** @param {Reduction} how */
const nameQuery = (how) => `${nameKey(how)}/${how.query ?? ''}`;
