// Networks by the address that they are fetched from: each is fetched and opened once a page.

import { t } from './language.js';
import { openNetwork } from './network.js';

/** @type {Map<string, Promise<import('./network.js').Network>>} */
const networks = new Map();

/**
 * The network at an address of this very server; one that failed is fetched again when it is asked for again.
 * @param {string} address
 * @param {typeof fetch} [ask]
 * @returns {Promise<import('./network.js').Network>}
 */
export function fetchNetwork(address, ask = fetch) {
  const known = networks.get(address);
  if (known) return known;
  const network = load(address, ask);
  networks.set(address, network);
  network.catch(() => networks.delete(address));
  return network;
}

/**
 * @param {string} address
 * @param {typeof fetch} ask
 */
async function load(address, ask) {
  // An address holds the hash of what lies there, so what the browser has kept of it is never out of date.
  const response = await ask(address, { cache: 'force-cache' });
  if (!response.ok) throw new Error(t`The server did not send the network (${response.status}).`);
  return openNetwork(await response.arrayBuffer());
}
