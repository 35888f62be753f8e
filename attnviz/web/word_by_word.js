// Leaving each word out once, in short slices between which whoever computes can listen to what happens.

/** @import { Network } from './network.js' */

const SLICE = 12; // milliseconds

const pause = () => new Promise((resolve) => setTimeout(resolve));

/**
 * For each word that is read, the target's probability with it minus that without it: what Python calls occlusion.
 *
 * @param {Network} network
 * @param {string} text
 * @param {() => boolean} isStale whether nobody waits for it any more
 * @returns {Promise<Float64Array | null>} (words); null if it went stale, or the text holds no word to read
 */
export async function leaveEachOut(network, text, isStale) {
  const { tokens, probabilities } = network.read(text);
  if (!probabilities) return null;
  const ids = tokens.map(({ id }) => id);
  const target = network.targetOf(probabilities);
  const whole = probabilities[target];
  const scores = new Float64Array(ids.length);
  let begun = performance.now();
  // From the end, so that each reading shares its beginning with the one before.
  for (let place = ids.length - 1; place >= 0; place -= 1) {
    scores[place] = whole - network.readProbability(ids.toSpliced(place, 1), target);
    if (performance.now() - begun < SLICE) continue;
    await pause();
    if (isStale()) return null;
    begun = performance.now();
  }
  return scores;
}
