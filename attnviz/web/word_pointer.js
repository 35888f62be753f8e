// The words lie behind the text box, so that the pointer never meets them: it is found out which word is under it.

/** @import { Root } from './component.js' */

/**
 * The word at a place of the window, also where the text box lies over it.
 *
 * @param {Root} root
 * @param {{ clientX: number, clientY: number }} place
 * @returns {HTMLElement | null}
 */
export function findWord(root, { clientX, clientY }) {
  const inside = root instanceof ShadowRoot ? root : document;
  const word = inside.elementsFromPoint(clientX, clientY).find((element) => element.matches('.reading .token'));
  return word instanceof HTMLElement ? word : null;
}
