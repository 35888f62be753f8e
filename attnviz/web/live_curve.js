// The reading curve under a text: measured here once nobody has typed for a moment, where a network of the browser's
// own reads, or elsewhere. Until it is there, the curve of the text before stays, faint.

import { ReadingCurve } from './reading_curve.js';
import { readBeginnings } from './word_by_word.js';

/** @import { Network, Reading } from './network.js' */
/** @import { Beginnings } from './reading_curve.js' */
/** @import { TextView } from './text_view.js' */

const IDLE = 300; // milliseconds

export class LiveCurve {
  /**
   * @param {HTMLElement} place is filled
   * @param {TextView} view shows the words
   */
  constructor(place, view) {
    this.place = place;
    this.view = view;
    /** @type {Reading | null} */
    this.reading = null;
    /** @type {Network | null} */
    this.network = null;
    this.target = 0;
    this.shown = 'null';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.curve = new ReadingCurve(place, { moved: (last) => this.fade(last) });
  }

  /**
   * Another text is read here.
   *
   * @param {Network} network
   * @param {Reading} reading
   * @param {number} target the label whose probability it is
   */
  follow(network, reading, target) {
    if (this.reading?.text === reading.text && this.network === network && this.target === target) return;
    this.reading = reading;
    this.network = network;
    this.target = target;
    this.age(true);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.measure(network, reading, target), IDLE);
  }

  /**
   * @param {Network} network
   * @param {Reading} reading
   * @param {number} target
   */
  async measure(network, reading, target) {
    const { text, tokens } = reading;
    const found = await readBeginnings(network, text, target, () => this.reading !== reading);
    if (this.reading !== reading) return;
    this.draw(found && { probabilities: found, tokens, label: network.labels[target], forward: network.forward });
    this.age(false);
  }

  /**
   * What was measured elsewhere.
   *
   * @param {Beginnings | null} curve
   * @param {boolean} isOld whether it belongs to the text before
   */
  show(curve, isOld) {
    this.stop();
    const given = JSON.stringify(curve);
    if (given !== this.shown) this.draw(curve); // drawn again, it would lose its place
    this.shown = given;
    this.age(isOld);
  }

  /** @param {Beginnings | null} curve */
  draw(curve) {
    this.shown = '';
    this.curve.draw(curve);
  }

  /** @param {boolean} isOld */
  age(isOld) {
    this.place.classList.toggle('old', isOld);
    if (isOld) this.fade(null);
  }

  /**
   * The words after a place are faint, but none while the curve is of another text.
   *
   * @param {number | null} last among the words that are read; null: none is
   */
  fade(last) {
    const limit = last === null || this.place.classList.contains('old') ? Infinity : last;
    let read = 0;
    this.view.tokens.forEach(({ state, count = 1 }, index) => {
      const isRead = state !== 'left out';
      this.view.elements[index].toggleAttribute('data-ahead', isRead && read > limit);
      if (isRead) read += count;
    });
  }

  stop() {
    this.reading = this.network = null;
    clearTimeout(this.waiting);
  }
}
