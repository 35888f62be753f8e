// What stands beside a word that is pointed at or focused.

import { around } from './dom.js';

const NEAR = 6; // pixels between a word and its tip
const EDGE = 8;

/**
 * Under a node, or above it where there is no room, and inside the window.
 *
 * @param {HTMLElement} tip
 * @param {Element} node
 */
export function placeTip(tip, node) {
  tip.hidden = false;
  const place = node.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = place.bottom + NEAR;
  const above = place.top - size.height - NEAR;
  tip.style.left = `${Math.max(EDGE, Math.min(place.left, innerWidth - size.width - EDGE))}px`;
  tip.style.top = `${below + size.height > innerHeight && above > 0 ? above : below}px`;
}

/** The tip of the words of a text; each word has its own in `data-tip`. */
export class WordTip {
  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} tip
   */
  constructor(box, tip) {
    this.tip = tip;
    /** @type {HTMLElement | null} */
    this.word = null;
    for (const name of ['mouseover', 'focusin']) {
      box.addEventListener(name, (event) => {
        const word = around(event, '.token');
        if (word) this.show(word);
      });
    }
    for (const name of ['mouseout', 'focusout']) box.addEventListener(name, () => this.hide());
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide();
    });
  }

  /** @param {HTMLElement} word */
  show(word) {
    this.word = word;
    this.tip.textContent = word.dataset.tip ?? '';
    placeTip(this.tip, word);
  }

  hide() {
    this.word = null;
    this.tip.hidden = true;
  }

  /** Its word may say something else by now. */
  refresh() {
    if (this.word) this.show(this.word);
  }
}
