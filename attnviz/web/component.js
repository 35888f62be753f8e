// What Streamlit calls: a function that gets new data again and again for one and the same node.

import { Door } from './departure.js';
import { t } from './language.js';

/**
 * @template Data
 * @typedef {object} Call
 * @property {Data} data
 * @property {Root} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue belongs to one run of the page, as the next one does
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** @typedef {ShadowRoot | HTMLElement} Root */

/**
 * @template Data
 * @typedef {object} View
 * @property {(call: Call<Data>) => void} update
 * @property {(error: Error) => void} fail an exception in `update` would take away what the reader typed or moved
 * @property {() => void} [stop] clears timers
 */

/**
 * @template Data
 * @typedef {{ view: View<Data>, door: Door, language: string }} Mounted
 */

const LANGUAGE = t`en`;

/**
 * A component whose view is made once a node and language. The view stays that of the module that made it: when the
 * server was started again, the browser may load the module anew for nodes that are there already. In another language
 * Streamlit puts other elements into the same node.
 *
 * @template Data
 * @param {(root: Root, data: Data) => View<Data>} mount
 */
export function defineComponent(mount) {
  /** @param {Call<Data>} call */
  return (call) => {
    const root = /** @type {Root & { attnviz?: Mounted<Data> }} */ (call.parentElement);
    if (root.attnviz?.language !== LANGUAGE) {
      root.attnviz = { view: mount(root, call.data), door: new Door(), language: LANGUAGE };
    }
    const { view, door } = root.attnviz;
    try {
      view.update(door.take(call));
    } catch (error) {
      console.error(error);
      view.fail(error instanceof Error ? error : new Error(String(error)));
    }
    return () => {
      door.stop();
      view.stop?.();
    };
  };
}

/**
 * The element whose attributes say to the outside what is shown.
 *
 * @param {Root} root
 * @returns {HTMLElement}
 */
export const hostOf = (root) => /** @type {HTMLElement} */ (root instanceof ShadowRoot ? root.host : root);

/** Streamlit may bring older data after newer ones, while a module loads: those are left out. */
export class Newest {
  made = 0;

  /** @param {{ made: number }} data */
  isOlder({ made }) {
    if (made < this.made) return true;
    this.made = made;
    return false;
  }
}
