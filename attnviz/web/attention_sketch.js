// All attention maps of a text at a glance: a small picture of each, and what each word receives in it.

import { t } from './language.js';
import { MapBlock } from './map_block.js';
import { formatNumber } from './numbers.js';
import { count, unpack } from './packed.js';
import { describeMap, describeReduction, findMaps, getKind, listLayers, MEAN, nameKind, nameMap } from './reduction.js';

/** @import { Packed, Rows } from './packed.js' */
/** @import { Reduction } from './reduction.js' */

/**
 * @typedef {object} PlainMap as it comes from Python
 * @property {Packed} thumbnail
 * @property {Packed} received
 * @property {number} least
 * @property {number} largest
 * @property {number} entropy
 * @property {number | null} outside
 */

/**
 * @typedef {object} PlainSketch
 * @property {string[]} names
 * @property {string[]} layers
 * @property {[queries: number, words: number]} shape
 * @property {PlainMap[]} maps
 * @property {PlainMap | null} rollout
 */

/** @typedef {{ low: number, high: number }} Range */

/** @typedef {{ name: string, choices: Reduction[] }} Group */

export class AttentionSketch {
  /** @param {PlainSketch} plain */
  constructor({ names, layers, shape, maps, rollout }) {
    this.names = names;
    this.layers = layers;
    this.maps = maps;
    this.rollout = rollout;
    this.queries = shape[0];
    this.words = shape[1];
    this.received = maps.map((map) => unpack(map.received)[0]);
    /** @type {Map<PlainMap, Float64Array[]>} */
    this.pictures = new Map();
  }

  /** Whether every word has a query of its own. */
  get isMatrix() {
    return this.queries > 1;
  }

  /** What a map is: 'head', 'feature'. */
  get kind() {
    return nameKind(getKind(this.names[0]));
  }

  /** The names of the maps as a reader sees them. */
  get shownNames() {
    return this.names.map(nameMap);
  }

  /**
   * What there is to choose of a matrix: the mean and the rollout, then the maps, layer by layer.
   *
   * @returns {Group[]}
   */
  listGroups() {
    const all = [MEAN, ...(this.rollout ? [{ ...MEAN, rollout: true }] : [])];
    const maps = count(this.names.length).map((map) => ({ ...MEAN, map }));
    const layers = listLayers(this.layers);
    if (layers.length < 2) return [{ name: '', choices: this.names.length > 1 ? [...all, ...maps] : all }];
    const groups = layers.map((name, layer) => {
      const own = maps.filter(({ map }) => this.layers[map] === name);
      return { name: nameMap(name), choices: own.length > 1 ? [{ ...MEAN, layer }, ...own] : own };
    });
    return [{ name: '', choices: all }, ...groups];
  }

  /**
   * What each word receives; of a map with one query its weights.
   *
   * @param {Reduction} how
   */
  receive(how) {
    if (how.rollout && this.rollout) return unpack(this.rollout.received)[0];
    return average(findMaps(this, how).map((place) => [this.received[place]]))[0];
  }

  /**
   * The small picture of a map; the mean of pictures is the picture of the mean.
   *
   * @param {Reduction} how
   */
  picture(how) {
    if (how.rollout && this.rollout) return this.unpackPicture(this.rollout);
    return average(findMaps(this, how).map((place) => this.unpackPicture(this.maps[place])));
  }

  /**
   * The small picture as a stand-in for the map that is on its way.
   *
   * @param {Reduction} how
   */
  standIn(how) {
    return new MapBlock([0, this.queries], [0, this.words], this.picture(how));
  }

  /** @param {PlainMap} map */
  unpackPicture(map) {
    const made = this.pictures.get(map) ?? unpack(map.thumbnail);
    this.pictures.set(map, made);
    return made;
  }

  /**
   * The least and the largest weight of all maps, in whose colours every map is drawn; the rollout has its own.
   *
   * @param {Reduction} how
   * @returns {Range}
   */
  rangeOf(how) {
    const maps = how.rollout && this.rollout ? [this.rollout] : this.maps;
    return {
      low: Math.min(...maps.map(({ least }) => least)),
      high: Math.max(...maps.map(({ largest }) => largest)),
    };
  }

  /** The largest of all small pictures; it is that of all weights where none of them had to be blended. */
  get brightest() {
    return Math.max(...this.maps.map(({ thumbnail }) => Math.max(...thumbnail.largest)));
  }

  /** Whether a pixel of a small picture is the mean of several weights. */
  get isBlended() {
    const [rows, columns] = this.maps[0].thumbnail.shape;
    return rows < this.queries || columns < this.words;
  }

  /**
   * @param {Reduction} how
   * @param {'entropy' | 'outside'} what
   * @returns {number | null} the mean over the maps; null for nothing
   */
  measure(how, what) {
    const maps = how.rollout && this.rollout ? [this.rollout] : findMaps(this, how).map((place) => this.maps[place]);
    const values = maps.map((map) => map[what]);
    return values.some((value) => value === null)
      ? null
      : values.reduce((/** @type {number} */ sum, value) => sum + Number(value), 0) / values.length;
  }

  /** @param {Reduction} how */
  name(how) {
    return describeMap(this, how);
  }

  /**
   * What stands under its small picture.
   *
   * @param {Reduction} how
   * @param {boolean} isMany whether there is room for a number only
   */
  nameShort(how, isMany) {
    if (how.rollout) return t`rollout`;
    if (how.map === null) return isMany || how.layer !== null ? t`mean` : this.name(how);
    const name = this.names[how.map].split(', ').at(-1) ?? '';
    return (isMany && name.replace(/^\D+/, '')) || nameMap(name);
  }

  /** What the colours of the small pictures mean. */
  explainPictures() {
    if (!this.isMatrix || this.names.length < 2) return '';
    const said = this.rollout
      ? t`Small pictures: one linear scale for all but the rollout`
      : t`Small pictures: one linear scale for all`;
    if (!this.isBlended) return t`${said}.`;
    const [rows, columns] = this.maps[0].thumbnail.shape;
    const block = [this.queries / rows, this.words / columns].map((side) => formatNumber(side, 1)).join(' × ');
    return t`${said}, each pixel the mean of about ${block} weights.`;
  }

  /** @param {Reduction} how */
  describe(how) {
    return describeReduction(this, how);
  }
}

/**
 * The mean of matrices of one shape.
 *
 * @param {readonly Rows[]} matrices at least one
 * @returns {Float64Array[]}
 */
function average(matrices) {
  const [first, ...others] = matrices;
  return first.map((row, place) =>
    row.map((weight, column) => {
      let sum = weight;
      for (const other of others) sum += other[place][column];
      return sum / matrices.length;
    }),
  );
}
