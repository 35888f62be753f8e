// What each word does to an answer: the network reads the text once more without it.

import { measure } from './word_by_word.js';

/** @import { Network } from './network.js' */

/**
 * For each word that is read, the target's probability with it minus that without it: what Python calls occlusion.
 *
 * @param {Network} network
 * @param {string} text
 * @param {() => boolean} isStale whether nobody waits for it any more
 * @returns {Promise<Float64Array | null>} (words); null if it went stale, or the text holds no word to read
 */
export async function leaveEachOut(network, text, isStale) {
  const { ids, target, whole } = read(network, text);
  const without = await measure(ids, isStale, (place) => network.readProbability(ids.toSpliced(place, 1), target));
  return without?.map((probability) => whole - probability) ?? null;
}

/**
 * @param {Network} network
 * @param {string} text
 */
function read(network, text) {
  const { tokens, probabilities } = network.read(text);
  const target = probabilities ? network.targetOf(probabilities) : 0;
  return { ids: tokens.map(({ id }) => id), target, whole: probabilities?.[target] ?? 0 };
}
