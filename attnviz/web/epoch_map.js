// Attention over the epochs as a heat map: a row a place, a column an epoch.

import { put } from './dom.js';
import { node, sizeFrame, trim } from './svg.js';

/** @import { Shown } from './samples.js' */

const LEFT = 34;
const RIGHT = 4;
const BOTTOM = 36;

export class EpochMap {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.epochs = 0;
  }

  /**
   * The epoch under the pointer, null if there is none.
   *
   * @param {number} clientX
   */
  findEpoch(clientX) {
    const { left, width } = this.svg.getBoundingClientRect();
    const share = (clientX - left - LEFT) / (width - LEFT - RIGHT);
    return this.epochs ? Math.max(0, Math.min(this.epochs - 1, Math.floor(share * this.epochs))) : null;
  }

  /**
   * @param {Shown} shown
   * @param {string} place what a row is
   * @param {number} epoch the one that is marked
   * @param {string} hue
   */
  draw({ rows, marks }, place, epoch, hue) {
    const { svg } = this;
    const count = rows[0].length;
    this.epochs = rows.length;
    const tall = Math.max(10, Math.min(26, 320 / count));
    const width = sizeFrame(svg, count * tall + BOTTOM);
    const wide = (width - LEFT - RIGHT) / this.epochs;
    const largest = Math.max(...rows.flat());
    this.drawCells(rows, tall, wide, largest, hue);
    this.drawRowNames(count, tall, marks);
    const now = { x: LEFT + epoch * wide, y: 0, width: Math.max(wide, 2), height: count * tall, rx: 2 };
    put(node(svg, 'rect', 'now'), { class: 'now', ...now });
    this.drawFloor(count * tall + 16, width, `each row a ${place}; none to ${largest.toFixed(2)}, faint to strong`);
  }

  /**
   * @param {number[][]} rows
   * @param {number} tall
   * @param {number} wide
   * @param {number} largest
   * @param {string} hue
   */
  drawCells(rows, tall, wide, largest, hue) {
    const cells = put(node(this.svg, 'g', 'cells'), { class: 'cells' });
    const count = rows[0].length;
    for (let place = 0; place < count; place += 1) {
      for (let epoch = 0; epoch < this.epochs; epoch += 1) {
        const box = { x: (LEFT + epoch * wide).toFixed(2), y: place * tall, width: wide.toFixed(2), height: tall };
        const look = { fill: hue, 'fill-opacity': (rows[epoch][place] / largest).toFixed(3) };
        put(node(cells, 'rect', `cell${place * this.epochs + epoch}`), { ...box, ...look });
      }
    }
    trim(cells, 'cell', count * this.epochs);
  }

  /**
   * @param {number} count
   * @param {number} tall
   * @param {Record<string, string>} marks
   */
  drawRowNames(count, tall, marks) {
    const { svg } = this;
    for (let place = 0; place < count; place += 1) {
      const some = count * tall < 400 && (count <= 20 || place % 4 === 0);
      const look = { x: LEFT - 6, y: (place + 0.5) * tall + 4, 'text-anchor': 'end' };
      const name = `${place}${marks[place] ? ' ▲' : ''}`;
      put(node(svg, 'text', `row${place}`), { ...look, class: marks[place] ? 'strong' : 'small' }, some ? name : '');
    }
    trim(svg, 'row', count);
  }

  /**
   * @param {number} y
   * @param {number} width
   * @param {string} scale
   */
  drawFloor(y, width, scale) {
    const { svg, epochs } = this;
    put(node(svg, 'text', 'first'), { x: LEFT, y, class: 'small' }, 'epoch 1');
    const end = { x: width - RIGHT, y, 'text-anchor': 'end', class: 'small' };
    put(node(svg, 'text', 'last'), end, epochs > 1 ? String(epochs) : '');
    const middle = { x: (LEFT + width) / 2, y, 'text-anchor': 'middle', class: 'small' };
    put(node(svg, 'text', 'scale'), middle, width > 330 ? scale : '');
  }
}
