// The reading curve of a text that a network of the browser's own reads: computed once nobody has typed for a moment.

import { find, make } from './dom.js';
import { ReadingCurve } from './reading_curve.js';
import { readBeginnings } from './word_by_word.js';

/** @import { Root } from './component.js' */
/** @import { Network, Reading } from './network.js' */

const IDLE = 300; // milliseconds

export class LiveCurve {
  /**
   * @param {Root} root holds review.html
   */
  constructor(root) {
    this.words = find(root, '.reading');
    /** @type {Reading | null} */
    this.reading = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    const place = make('section', 'curve');
    place.setAttribute('aria-label', 'Reading curve');
    find(root, '.what-if').before(place);
    this.curve = new ReadingCurve(place, { moved: (last) => this.fade(last) });
  }

  /**
   * Another text is read.
   *
   * @param {Network} network
   * @param {Reading} reading
   */
  follow(network, reading) {
    if (this.reading?.text === reading.text && this.network === network) return;
    this.reading = reading;
    this.network = network;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(network, reading), IDLE);
  }

  /**
   * @param {Network} network
   * @param {Reading} reading
   */
  async draw(network, reading) {
    const { text, tokens, probabilities } = reading;
    const found = await readBeginnings(network, text, () => this.reading !== reading);
    if (this.reading !== reading) return;
    const label = network.labels[probabilities ? network.targetOf(probabilities) : 0];
    this.curve.draw(found && { probabilities: found, tokens, label, forward: network.forward });
  }

  /**
   * The words after a place are faint.
   *
   * @param {number | null} last
   */
  fade(last) {
    const tokens = [...this.words.querySelectorAll('.token:not(.left-out)')];
    tokens.forEach((token, place) => {
      token.toggleAttribute('data-ahead', last !== null && place > last);
    });
  }

  stop() {
    this.reading = null;
    clearTimeout(this.waiting);
  }
}
