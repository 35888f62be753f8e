// What asks a network once a word, in short slices between which whoever computes can listen to what happens.

/** @import { Network } from './network.js' */

const SLICE = 12; // milliseconds

const pause = () => new Promise((resolve) => setTimeout(resolve));

/**
 * The probability of a label after 1, 2, ... of the words that are read, each beginning read by itself.
 *
 * @param {Network} network
 * @param {string} text
 * @param {number} target
 * @param {() => boolean} isStale
 * @returns {Promise<Float64Array | null>}
 */
export async function readBeginnings(network, text, target, isStale) {
  const ids = network.tokenize(text).tokens.map(({ id }) => id);
  return measure(ids, isStale, (place) => network.readProbability(ids.slice(0, place + 1), target));
}

/**
 * From the end, so that each reading shares its beginning with the one before.
 *
 * @param {number[]} ids
 * @param {() => boolean} isStale
 * @param {(place: number) => number} ask
 * @returns {Promise<Float64Array | null>}
 */
export async function measure(ids, isStale, ask) {
  if (!ids.length) return null;
  const found = new Float64Array(ids.length);
  let begun = performance.now();
  for (let place = ids.length - 1; place >= 0; place -= 1) {
    found[place] = ask(place);
    if (performance.now() - begun < SLICE) continue;
    await pause();
    if (isStale()) return null;
    begun = performance.now();
  }
  return found;
}
