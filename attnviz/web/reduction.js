// Which of a word's attention weights make its score. The same as `Reduction` in Python (attnviz/values/attention.py),
// and what it is called.

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
  if (number < 2) return names.length > 1 ? `${names.length} ${kind}s` : `one ${kind}`;
  const counts = listLayers(layers).map((layer) => layers.filter((own) => own === layer).length);
  if (new Set(counts).size > 1) return `${names.length} maps of ${number} layers`;
  return counts[0] > 1 ? `${number} layers × ${counts[0]} ${kind}s` : `${number} layers`;
}

/**
 * One map, a mean or the rollout.
 *
 * @param {Named} named
 * @param {Reduction} how
 */
export function describeMap(named, how) {
  const { names, layers } = named;
  if (how.rollout) return `rollout through ${listLayers(layers).length} layers`;
  if (how.map !== null) return names[how.map];
  const places = findMaps(named, how);
  if (how.layer === null) return `mean of ${countMaps(named)}`;
  if (places.length < 2) return names[places[0]];
  return `mean of ${places.length} ${getKind(names[places[0]])}s of ${layers[places[0]]}`;
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
  const queries = how.query === null ? 'received from all words' : `from word ${how.query + 1}`;
  return named.names.length > 1 ? `${maps}, ${queries}` : queries;
}
