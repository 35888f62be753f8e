// What must be said beside an answer, a line each.

import { make, put } from './dom.js';
import { t } from './language.js';

/**
 * @param {HTMLElement} list its `data-training` is the address of the page Training, which becomes a link
 * @param {readonly string[]} notes
 */
export function showNotes(list, notes) {
  const { training } = list.dataset;
  list.replaceChildren(...notes.map((note) => make('li', '', ...linkPage(note, training))));
}

const TRAINING = t`page Training`;

/**
 * @param {string} note
 * @param {string | undefined} href
 */
function linkPage(note, href) {
  const [before, after] = note.split(TRAINING);
  if (!href || after === undefined) return [note];
  return [before, put(make('a', '', TRAINING), { href, target: '_blank' }), after];
}
