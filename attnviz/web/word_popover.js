// What one can do with a word: leave it out, bring it back, let the network read another one in its place, or follow it
// through the network. It floats, so that nothing on the page moves.

import { find, keepKeys, put } from './dom.js';
import { t } from './language.js';
import { placeTip } from './tip.js';

/** @import { Root } from './component.js' */

export class WordPopover {
  /**
   * @param {Root} root
   * @param {object} editor
   * @param {(token: HTMLElement, read: string | null) => boolean} editor.change what is to be read instead of a word,
   *   '' for nothing, null for the word itself; returns whether that can be done
   */
  constructor(root, { change }) {
    this.change = change;
    /** @type {(start: number) => void} shows how the network reads the word that starts there as typed */
    this.follow = () => {};
    /** @type {HTMLElement | null} the word that it stands beside */
    this.word = null;
    /** @type {HTMLElement | null} what gets the focus back */
    this.from = null;
    this.box = find(root, '.popover');
    this.name = find(root, '.popover-word');
    this.said = find(root, '.popover-said');
    this.leave = find(root, '.leave-out', HTMLButtonElement);
    this.way = find(root, '.follow-word', HTMLButtonElement);
    this.input = find(root, '.replacement', HTMLInputElement);
    this.form = find(root, '.read-instead', HTMLFormElement);
    this.listen();
  }

  listen() {
    keepKeys(this.box);
    this.box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close();
    });
    this.leave.addEventListener('click', () => this.choose(this.isChanged ? null : ''));
    this.way.addEventListener('click', () => this.word && this.follow(Number(this.word.dataset.start)));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.choose(this.input.value.trim());
    });
    for (const name of ['scroll', 'resize']) {
      addEventListener(name, () => this.word && placeTip(this.box, this.word), { capture: true, passive: true });
    }
  }

  get isOpen() {
    return this.word !== null;
  }

  get isChanged() {
    return this.word?.getAttribute('aria-pressed') === 'true';
  }

  /**
   * @param {HTMLElement} word
   * @param {HTMLElement} from what gets the focus back at the end
   * @param {'none' | 'button' | 'input'} focus what is focused
   */
  open(word, from, focus) {
    this.word = word;
    this.from = from;
    this.input.value = '';
    this.refresh();
    placeTip(this.box, word);
    if (focus === 'button') this.leave.focus();
    if (focus === 'input') this.input.focus();
  }

  /** Its word may say something else by now, or be gone. */
  refresh() {
    if (!this.word) return;
    if (!this.word.isConnected) {
      this.close();
      return;
    }
    const shown = this.word.textContent ?? '';
    this.name.textContent = shown;
    this.said.textContent = this.word.dataset.said ?? '';
    this.leave.textContent = this.isChanged ? t`Bring back` : t`Leave out`;
    put(this.box, { 'aria-label': t`The word “${shown}”` });
    put(this.input, { 'aria-label': t`Read instead of ${shown}` });
  }

  /** @param {string | null} read */
  choose(read) {
    if (this.word && this.change(this.word, read)) this.close();
  }

  close() {
    if (!this.word) return;
    const within = this.box.matches(':focus-within');
    this.word = null;
    this.box.hidden = true;
    if (within) this.from?.focus({ preventScroll: true });
  }
}
