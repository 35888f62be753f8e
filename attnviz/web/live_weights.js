// Where a page without a server has its networks from: out of itself, or from scripts that lie beside it.
//
// A script, because a page that was opened from the disk may load one, but read no file.

import { decodeBase64 } from './base64.js';
import { make } from './dom.js';
import { t } from './language.js';

/** @import { NetworkEntry } from './live_address.js' */

/** @typedef {typeof globalThis & { attnvizWeights?: Record<string, string> }} Bringing what a script fills */

/**
 * The bytes of a network's file.
 *
 * @param {NetworkEntry} entry
 * @returns {Promise<ArrayBuffer>}
 */
export async function readWeights(entry) {
  if (entry.block) return decodeBase64(document.getElementById(entry.block)?.textContent ?? '');
  return decodeBase64(await loadScript(entry));
}

/**
 * @param {NetworkEntry} entry
 * @returns {Promise<string>}
 */
function loadScript({ name, file = '' }) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(make('script', ''), { src: file });
    const fail = () => reject(new Error(t`The weights of ${name} could not be loaded (${file}).`));
    script.addEventListener('error', fail);
    script.addEventListener('load', () => {
      const weights = take(name);
      script.remove();
      if (weights === undefined) fail();
      else resolve(weights);
    });
    document.head.append(script);
  });
}

/**
 * What the script brought; it is held no longer than needed.
 *
 * @param {string} name
 */
function take(name) {
  const brought = /** @type {Bringing} */ (globalThis).attnvizWeights ?? {};
  const weights = brought[name];
  delete brought[name];
  return weights;
}
