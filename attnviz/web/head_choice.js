// The choice of a head: the mean and every head side by side, each with its own small heat map.

import { fillChildren, find, keepKeys, make, put } from './dom.js';
import { paint, sharpen } from './heat_canvas.js';
import { capitalise } from './words.js';

/** @import { Rows, Shades } from './heat_canvas.js' */

/** @typedef {{ name: string, rows: Rows }} Head */

export class HeadChoice {
  /**
   * @param {HTMLElement} group
   * @param {(map: number | null) => void} choose null for the mean
   */
  constructor(group, choose) {
    this.group = group;
    group.addEventListener('change', ({ target }) => {
      const value = target instanceof HTMLInputElement ? target.value : '';
      choose(value === '' ? null : Number(value));
    });
    keepKeys(group);
  }

  /**
   * @param {readonly Head[]} heads the mean first
   * @param {Shades} shades the same for all
   */
  draw(heads, shades) {
    fillChildren(this.group, heads, buildHead, (label, { name, rows }, index) => {
      put(find(label, 'span'), {}, capitalise(name));
      put(find(label, 'input'), { value: index ? index - 1 : '' });
      const canvas = find(label, 'canvas', HTMLCanvasElement);
      paint(canvas, rows, shades);
      sharpen(canvas);
    });
  }

  /** @param {number | null} map */
  mark(map) {
    const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (this.group.querySelectorAll('input'));
    inputs.forEach((input, index) => {
      input.checked = index === (map === null ? 0 : map + 1);
    });
  }
}

function buildHead() {
  const input = put(make('input', ''), { type: 'radio', name: 'head' });
  const canvas = put(document.createElement('canvas'), { 'aria-hidden': true });
  return make('label', 'head', canvas, input, make('span', ''));
}
