// The one renderer of a highlighted text. Nodes are made once and changed in place, so that highlights glide and a word
// keeps its focus. All text goes through textContent.

import { around, make, put } from './dom.js';
import { findStep } from './roving_focus.js';

/** @import { Attributes } from './dom.js' */
/** @import { HighlightedText, Token } from './highlighted_text.js' */

/**
 * How a word looks and what it says: attributes that are set on its element.
 *
 * @callback Dress
 * @param {Token} token
 * @param {number} index among the words that are shown
 * @returns {Attributes}
 */

/** A text inside an element: what was not read at its start, gaps and words in turns, what was not read at its end. */
export class TextView {
  /**
   * @param {HTMLElement} box
   * @param {boolean} [buttons] whether its words are buttons, with one tab stop and arrow keys from word to word
   */
  constructor(box, buttons = true) {
    this.box = box;
    this.buttons = buttons;
    this.head = make('span', '');
    this.tail = make('span', '');
    this.gap = box.appendChild(document.createTextNode(''));
    /** @type {HTMLElement[]} */
    this.elements = [];
    /** @type {Token[]} */
    this.tokens = [];
    this.stop = 0; // the word that Tab leads to
    if (buttons) this.listen();
  }

  listen() {
    this.box.addEventListener('keydown', (event) => {
      const next = findStep(event, this.findIndex(event), this.elements.length);
      if (next === null) return;
      event.preventDefault();
      this.elements[next].focus();
    });
    this.box.addEventListener('focusin', (event) => {
      const index = this.findIndex(event);
      if (index >= 0) this.moveStop(index);
    });
  }

  /**
   * @param {HighlightedText} text
   * @param {Dress} dress
   */
  draw(text, dress) {
    this.tokens = text.tokens;
    this.drawHead(text);
    this.tail.remove(); // words are put at the end
    this.drawGap(this.gap, text.gaps[0]);
    for (const element of this.elements.splice(this.tokens.length)) {
      element.nextSibling?.remove();
      element.remove();
    }
    this.tokens.forEach((token, index) => {
      const element = this.elements[index] ?? this.addToken();
      if (element.textContent !== token.shown) element.textContent = token.shown;
      this.drawGap(/** @type {Text} */ (element.nextSibling), text.gaps[index + 1]);
      const { word, start, end, score } = token;
      const data = { 'data-token': word, 'data-start': start, 'data-end': end, 'data-score': score };
      put(element, { ...data, ...dress(token, index) });
    });
    if (text.tail) this.drawTail(text.tail);
    this.moveStop(Math.min(this.stop, Math.max(this.elements.length - 1, 0)));
  }

  /** @param {HighlightedText} text */
  drawHead({ head, truncated }) {
    this.head.className = truncated ? 'unread' : '';
    if (!head) this.head.remove();
    else if (!this.head.isConnected) this.box.prepend(this.head);
    if (this.head.textContent === head) return;
    this.head.textContent = head;
    this.head.scrollTop = this.head.scrollHeight; // its end is where the read text goes on
  }

  /** @param {string} tail */
  drawTail(tail) {
    this.tail.className = 'unread';
    this.tail.textContent = tail;
    this.box.append(this.tail);
  }

  /**
   * @param {Text} node
   * @param {string} gap
   */
  drawGap(node, gap) {
    if (node.data !== gap) node.data = gap;
  }

  addToken() {
    const element = make('span', 'token');
    if (this.buttons) put(element, { role: 'button', tabindex: -1 });
    this.box.append(element, document.createTextNode(''));
    this.elements.push(element);
    return element;
  }

  /** @param {number} index */
  moveStop(index) {
    if (!this.buttons) return;
    if (this.elements[this.stop]) put(this.elements[this.stop], { tabindex: -1 });
    this.stop = index;
    if (this.elements[index]) put(this.elements[index], { tabindex: 0 });
  }

  /**
   * The place of the word that an event happened to, -1 if it happened elsewhere.
   *
   * @param {Event} event
   */
  findIndex(event) {
    const element = around(event, '.token');
    return element ? this.elements.indexOf(element) : -1;
  }
}
