// The probability after each change of words, as a list of buttons that lead back.

import { fillChildren, make } from './dom.js';
import { formatChange } from './numbers.js';

/**
 * @typedef {object} Trail
 * @property {string[]} labels 'as typed', then each step in words
 * @property {(number | null)[]} probabilities of the explained label; null where unknown
 * @property {string[]} texts the same in words
 */

/**
 * @param {HTMLElement} list
 * @param {Trail | null} trail
 * @param {number} at how many steps count
 */
export function drawTrail(list, trail, at) {
  fillChildren(list, trail?.labels ?? [], buildStep, (item, label, index) => {
    const button = /** @type {HTMLButtonElement} */ (item.firstElementChild);
    const [name, probability, change] = button.children;
    name.textContent = label;
    probability.textContent = trail?.texts[index] ?? '';
    change.textContent = describeMove(trail?.probabilities ?? [], index);
    button.dataset.step = String(index);
    button.className = index > at ? 'undone' : '';
    if (index === at) button.setAttribute('aria-current', 'step');
    else button.removeAttribute('aria-current');
  });
}

function buildStep() {
  const button = make('button', '', make('span', ''), ' ', make('b', ''), make('span', ''));
  button.type = 'button';
  return make('li', '', button);
}

/**
 * By how much a step moved the probability; '' where one of both is unknown.
 *
 * @param {readonly (number | null)[]} probabilities
 * @param {number} index
 */
export function describeMove(probabilities, index) {
  const before = probabilities[index - 1] ?? null;
  const now = probabilities[index] ?? null;
  return before === null || now === null ? '' : ` (${formatChange(now - before)})`;
}
