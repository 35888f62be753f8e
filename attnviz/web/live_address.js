// What the address of a page without a server asks for: ?embed=1&model=…&method=…&text=….

import { t } from './language.js';

/** @typedef {{ name: string, title: string }} Method */

/**
 * @typedef {object} NetworkEntry
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {Method[]} methods the best known first
 * @property {string} [block] the id of the element that holds its weights
 * @property {string} [file] the address of a script that brings them
 */

/**
 * @typedef {object} Wish
 * @property {NetworkEntry} entry
 * @property {string} method
 * @property {string} text
 * @property {boolean} embedded whether the page stands inside another one
 * @property {string[]} notes what of the address could not be had
 */

/** @type {Record<'model' | 'method', (wanted: string, title: string) => string>} */
const TELL = {
  model: (wanted, title) => t`The address asks for the model ‘${wanted}’, which is not here; this is ‘${title}’.`,
  method: (wanted, title) => t`The address asks for the method ‘${wanted}’, which is not here; this is ‘${title}’.`,
};

/**
 * Anything may stand in an address: what is missing gets the default, what is unknown is said.
 *
 * @param {string} query
 * @param {{ networks: NetworkEntry[], text: string, method: string }} page
 * @returns {Wish}
 */
export function readAddress(query, { networks, text, method }) {
  const asked = new URLSearchParams(query);
  /** @type {string[]} */
  const notes = [];
  const entry = choose(TELL.model, asked.get('model'), networks, networks[0], notes);
  const usual = pickMethod(entry, method);
  const chosen = choose(TELL.method, asked.get('method'), entry.methods, usual, notes);
  const embedded = asked.get('embed') === '1';
  return { entry, method: chosen.name, text: asked.get('text') ?? text, embedded, notes };
}

/**
 * The method of that name, or the first one that the network offers.
 *
 * @param {NetworkEntry} entry
 * @param {string} method
 */
export const pickMethod = ({ methods }, method) => methods.find(({ name }) => name === method) ?? methods[0];

/**
 * @template {{ name: string, title: string }} Choice
 * @param {(wanted: string, title: string) => string} tell
 * @param {string | null} wanted
 * @param {Choice[]} choices
 * @param {Choice} usual
 * @param {string[]} notes
 */
function choose(tell, wanted, choices, usual, notes) {
  const found = choices.find(({ name }) => name === wanted);
  if (wanted !== null && !found) notes.push(tell(wanted.slice(0, 40), usual.title));
  return found ?? usual;
}
