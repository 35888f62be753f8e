// The script of a worker: it holds a network of its own and leaves words out of the newest text that it was sent.

import { openNetwork } from './network.js';
import { leaveEachOut } from './words_left_out.js';

/**
 * @typedef {object} Asked
 * @property {ArrayBuffer} [content] a network's file; it comes first, and again when another network is chosen
 * @property {string} [text]
 * @property {number} number counts up
 */

/** @typedef {{ number: number, scores?: Float64Array | null, failed?: string }} Told */

/** @type {Promise<import('./network.js').Network> | undefined} */
let network;
let newest = 0;

/** @param {Asked} asked */
async function answer({ content, text, number }) {
  newest = number;
  if (content) network = openNetwork(content);
  if (text === undefined || !network) return;
  const scores = await leaveEachOut(await network, text, () => newest !== number);
  if (newest === number) tell({ number, scores });
}

/** @param {Told} told */
const tell = (told) => postMessage(told);

addEventListener('message', ({ data }) => {
  answer(data).catch((error) => tell({ number: data.number, failed: String(error) }));
});
