// The strongest words as bars, on the scale of the highlight. Signed bars start in the middle: left against the label,
// right toward it. A word that is read several times has one bar, that of its strongest place.

import { around, fillChildren, make, put } from './dom.js';
import { pointAtWord } from './highlight_style.js';
import { t } from './language.js';
import { formatScore } from './numbers.js';
import { findStep } from './roving_focus.js';
import { getHue, placeEven } from './scales.js';

/** @import { WordGroup } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */
/** @import { Layer } from './shown_layers.js' */

export class WordBars {
  /**
   * @param {HTMLElement} list
   * @param {(word: string | null) => void} pointed called with the word whose bar is pointed at or focused
   */
  constructor(list, pointed) {
    this.list = list;
    this.stop = 0; // the bar that Tab leads to
    for (const name of ['mouseover', 'focusin']) list.addEventListener(name, (event) => pointed(readWord(event)));
    for (const name of ['mouseleave', 'focusout']) list.addEventListener(name, () => pointed(null));
    list.addEventListener('focusin', (event) =>
      this.moveStop(this.rows.indexOf(/** @type {HTMLElement} */ (event.target))),
    );
    list.addEventListener('keydown', (event) => this.walk(event));
  }

  get rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const { rows } = this;
    const step = { ArrowDown: 'ArrowRight', ArrowUp: 'ArrowLeft' }[event.key] ?? event.key; // a bar a row
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const next = findStep({ key: step, altKey, ctrlKey, metaKey, shiftKey }, this.stop, rows.length);
    if (next === null) return;
    event.preventDefault();
    rows[next].focus();
  }

  /** @param {number} place */
  moveStop(place) {
    this.stop = Math.max(0, Math.min(place, this.rows.length - 1));
    this.rows.forEach((row, at) => {
      put(row, { tabindex: at === this.stop ? 0 : -1 });
    });
  }

  /**
   * Mark the bar of a word that is pointed at in the text.
   *
   * @param {string | null} word
   */
  mark(word) {
    pointAtWord(this.rows, word);
  }

  /**
   * @param {readonly WordGroup[]} groups the strongest first
   * @param {Layer} layer
   * @param {Hues} hues
   */
  draw(groups, { scale, full }, hues) {
    const even = placeEven(scale, full);
    this.list.style.setProperty('--even', `${even ?? 0}%`);
    this.list.classList.toggle('with-even', even !== null);
    fillChildren(this.list, groups, buildBar, (row, group) => drawBar(row, group, scale.signed, full, hues));
    this.moveStop(this.stop);
  }
}

/** @param {Event} event */
const readWord = (event) => around(event, '.bar')?.dataset.token ?? null;

/**
 * @param {HTMLElement} row
 * @param {WordGroup} group
 * @param {boolean} signed
 * @param {number} full
 * @param {Hues} hues
 */
function drawBar(row, { word, score, count, total }, signed, full, hues) {
  const [name, track, value] = row.children;
  const sum = formatScore(total, signed);
  const all = t`${word}: ${count} times, together ${sum}; the bar is the strongest of them`;
  put(row, { 'data-token': word, title: count > 1 ? all : word });
  put(name, {}, count > 1 ? `${word} ×${count}` : word);
  put(value, {}, formatScore(score, signed));
  row.style.setProperty('--hue', getHue(score, signed, hues));
  const length = /** @type {HTMLElement} */ (track.firstElementChild);
  const { left, width } = placeBar(Math.max(-1, Math.min(1, score / (full || 1))), signed);
  length.style.left = `${left}%`;
  length.style.width = `${width}%`;
}

/**
 * In percent of the track.
 *
 * @param {number} share of the score that has the full colour, -1 to 1
 * @param {boolean} signed
 */
export function placeBar(share, signed) {
  const size = Math.abs(share) * 100;
  if (!signed) return { left: 0, width: size };
  return { left: share >= 0 ? 50 : 50 - size / 2, width: size / 2 };
}

const buildBar = () =>
  make('li', 'bar', make('span', 'word'), make('span', 'track', make('span', 'length')), make('span', 'value'));
