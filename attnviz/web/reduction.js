// Which of a word's attention weights make its score. The same as `Reduction` in Python (attnviz/values/attention.py),
// and what it is called.

import { plural, t } from './language.js';

/**
 * @typedef {object} Reduction
 * @property {number | null} map a head or a feature, counted from 0; null for the mean of all
 * @property {number | null} query what the word of that place attends to; null for the mean over all queries
 * @property {number | null} layer the mean of the maps of that layer in place of one map or all
 * @property {boolean} rollout the attention followed through all layers in place of maps
 */

/** @typedef {{ names: readonly string[], layers: readonly string[], isMatrix: boolean }} Named what maps there are */

/** @type {Reduction} */
export const MEAN = { map: null, query: null, layer: null, rollout: false };

/**
 * What is looked at, whoever asks.
 *
 * @param {Reduction} how
 */
export const nameKey = ({ map, layer, rollout }) => `${map ?? ''}/${layer ?? ''}/${rollout ? 'rollout' : ''}`;

/** @param {readonly string[]} layers of the maps */
export const listLayers = (layers) => [...new Set(layers)];

/**
 * What a map is: 'head' of 'layer 2, head 1', 'feature' of 'feature 7'.
 *
 * @param {string} name
 */
export const getKind = (name) => (name.split(', ').at(-1) ?? '').split(' ', 1)[0];

/**
 * What a map is, as a reader sees it; a kind that somebody else named keeps its name.
 *
 * @param {string} kind
 */
export const nameKind = (kind) => KINDS[kind] ?? kind;

/** @type {Record<string, string>} */
const KINDS = { head: t`head`, feature: t`feature`, map: t`map`, attention: t`attention` };

/**
 * The name of a map or a layer, which Python gives as 'layer 2, head 1', as a reader sees it.
 *
 * @param {string} name
 */
export const nameMap = (name) => name.split(', ').map(namePart).join(', ');

/** @param {string} part */
function namePart(part) {
  const [kind, number] = part.split(' ');
  if (number === undefined) return nameKind(part);
  /** @type {Record<string, string>} */
  const named = {
    head: t`head ${number}`,
    feature: t`feature ${number}`,
    map: t`map ${number}`,
    layer: t`layer ${number}`,
  };
  return named[kind] ?? part;
}

/**
 * '2 heads'.
 *
 * @param {string} kind
 * @param {number} n
 */
function countKind(kind, n) {
  /** @type {Record<string, string>} */
  const counts = { head: plural(n)`${n} head|${n} heads`, feature: plural(n)`${n} feature|${n} features` };
  return counts[kind] ?? (kind === 'map' ? plural(n)`${n} map|${n} maps` : `${n} ${kind}s`);
}

/** @param {number} n */
const countLayers = (n) => plural(n)`${n} layer|${n} layers`;

/**
 * The places of the maps whose mean is taken.
 *
 * @param {Named} named
 * @param {Reduction} how
 */
export function findMaps({ names, layers }, { map, layer }) {
  if (map !== null) return [map];
  const wanted = layer === null ? undefined : listLayers(layers)[layer];
  return [...names.keys()].filter((place) => wanted === undefined || layers[place] === wanted);
}

/**
 * '2 heads', of several layers '2 layers × 4 heads', or where they have unlike numbers '7 maps of 2 layers'.
 *
 * @param {Pick<Named, 'names' | 'layers'>} named
 */
export function countMaps({ names, layers }) {
  const [kind, number] = [getKind(names[0]), listLayers(layers).length];
  if (number < 2) return names.length > 1 ? countKind(kind, names.length) : t`one ${nameKind(kind)}`;
  const counts = listLayers(layers).map((layer) => layers.filter((own) => own === layer).length);
  if (new Set(counts).size > 1) return t`${countKind('map', names.length)} of ${countLayers(number)}`;
  return counts[0] > 1 ? `${countLayers(number)} × ${countKind(kind, counts[0])}` : countLayers(number);
}

/**
 * One map, a mean or the rollout.
 *
 * @param {Named} named
 * @param {Reduction} how
 */
export function describeMap(named, how) {
  const { names, layers } = named;
  if (how.rollout) return t`rollout through ${countLayers(listLayers(layers).length)}`;
  if (how.map !== null) return nameMap(names[how.map]);
  const places = findMaps(named, how);
  if (how.layer === null) return t`mean of ${countMaps(named)}`;
  if (places.length < 2) return nameMap(names[places[0]]);
  const maps = countKind(getKind(names[places[0]]), places.length);
  return t`mean of ${maps} of ${nameMap(layers[places[0]])}`;
}

/**
 * In words what becomes one score, as `describe_reduction` in Python.
 *
 * @param {Named} named
 * @param {Reduction} how
 */
export function describeReduction(named, how) {
  const maps = describeMap(named, how);
  if (!named.isMatrix) return named.names.length > 1 ? maps : '';
  const queries = how.query === null ? t`received from all words` : t`from word ${how.query + 1}`;
  return named.names.length > 1 ? t`${maps}, ${queries}` : queries;
}
