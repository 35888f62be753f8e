// The choice of a map: means, the rollout and every head, layer by layer, each with its own small heat map.

import { around, fillChildren, find, keepKeys, make, put } from './dom.js';
import { paint, sharpen } from './heat_canvas.js';
import { nameKey } from './reduction.js';
import { capitalise } from './words.js';

/** @import { Shades } from './heat_canvas.js' */
/** @import { Rows } from './packed.js' */
/** @import { Reduction } from './reduction.js' */

/**
 * @typedef {object} Head
 * @property {Reduction} how
 * @property {string} name
 * @property {string} short what is written under the picture
 * @property {Rows} rows
 * @property {Shades} shades
 */

/** @typedef {{ name: string, heads: Head[] }} Group */

export class HeadChoice {
  /**
   * @param {HTMLElement} box
   * @param {(how: Reduction) => void} choose
   */
  constructor(box, choose) {
    this.box = box;
    /** @type {Head[]} */
    this.heads = [];
    /** @type {number[]} how many there are in each group */
    this.sizes = [];
    box.addEventListener('change', ({ target }) => {
      const head = this.heads[this.inputs.indexOf(/** @type {HTMLInputElement} */ (target))];
      if (head) choose(head.how);
    });
    box.addEventListener('keydown', (event) => this.press(event));
    keepKeys(box);
  }

  get inputs() {
    return /** @type {HTMLInputElement[]} */ ([...this.box.querySelectorAll('input')]);
  }

  /** @param {readonly Group[]} groups */
  draw(groups) {
    this.heads = groups.flatMap(({ heads }) => heads);
    this.sizes = groups.map(({ heads }) => heads.length);
    fillChildren(this.box, groups, buildGroup, (group, { name, heads }) => {
      put(find(group, '.layer'), {}, capitalise(name));
      fillChildren(find(group, '.maps'), heads, buildHead, (label, head) => this.fill(label, head));
    });
  }

  /**
   * @param {HTMLElement} label
   * @param {Head} head
   */
  fill(label, { name, short, rows, shades }) {
    put(label, { title: capitalise(name) });
    put(find(label, 'span'), {}, capitalise(short));
    put(find(label, 'input'), { 'aria-label': capitalise(name) });
    const canvas = find(label, 'canvas', HTMLCanvasElement);
    paint(canvas, rows, shades);
    sharpen(canvas);
  }

  /** @param {Reduction} how */
  mark(how) {
    const key = nameKey(how);
    this.inputs.forEach((input, place) => {
      input.checked = nameKey(this.heads[place].how) === key;
    });
  }

  /**
   * Left and right lead from map to map, as in any group of radio buttons; up and down from layer to layer.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const input = around(event, 'input');
    if (!step || !input || this.sizes.length < 2) return;
    event.preventDefault();
    const next = this.inputs[findBelow(this.sizes, this.inputs.indexOf(/** @type {HTMLInputElement} */ (input)), step)];
    next.focus();
    next.click();
  }
}

/**
 * The place that stands under another one, or over it, where groups of so many stand under each other.
 *
 * @param {readonly number[]} sizes
 * @param {number} place
 * @param {number} step
 */
export function findBelow(sizes, place, step) {
  const starts = sizes.map((_, group) => sizes.slice(0, group).reduce((sum, size) => sum + size, 0));
  const group = starts.findLastIndex((start) => start <= place);
  const other = Math.max(0, Math.min(sizes.length - 1, group + step));
  return starts[other] + Math.min(place - starts[group], sizes[other] - 1);
}

function buildGroup() {
  return make('div', 'group', make('p', 'layer'), make('div', 'maps'));
}

function buildHead() {
  const input = put(make('input', ''), { type: 'radio', name: 'head' });
  const canvas = put(document.createElement('canvas'), { 'aria-hidden': true });
  return make('label', 'head', canvas, input, put(make('span', ''), { 'aria-hidden': true }));
}
