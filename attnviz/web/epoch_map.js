// Attention over the epochs as a heat map: a row a place, a column an epoch.

import { put } from './dom.js';
import { t } from './language.js';
import { formatNumber } from './numbers.js';
import { node, sizeFrame, trim } from './svg.js';
import { cutWord } from './words.js';

/** @import { Result } from './lab_data.js' */
/** @import { Shown } from './samples.js' */

const NUMBERS = 34; // pixels for the names of the rows
const NAMES = 96;
const LONGEST = 13; // letters of a name
const RIGHT = 4;
const TALL = 208; // all rows together, however many they are: what stands below stays where it is
const BOTTOM = 36;
const ROOM = 13; // pixels that a name needs

export class EpochMap {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.epochs = 0;
    this.left = NUMBERS;
    this.scale = ''; // what the colours mean
  }

  /**
   * The epoch under the pointer, null if there is none.
   *
   * @param {number} clientX
   */
  findEpoch(clientX) {
    const { left, width } = this.svg.getBoundingClientRect();
    const share = (clientX - left - this.left) / (width - this.left - RIGHT);
    return this.epochs ? Math.max(0, Math.min(this.epochs - 1, Math.floor(share * this.epochs))) : null;
  }

  /**
   * @param {Shown} shown
   * @param {Pick<Result, 'place' | 'names'>} result
   * @param {number} epoch the one that is marked
   * @param {string} hue
   */
  draw({ rows, marks }, { place, names }, epoch, hue) {
    const { svg } = this;
    const count = rows[0].length;
    this.epochs = rows.length;
    this.left = names.every((name, index) => name === String(index)) ? NUMBERS : NAMES;
    const tall = TALL / count;
    const width = sizeFrame(svg, TALL + BOTTOM);
    const wide = (width - this.left - RIGHT) / this.epochs;
    const largest = Math.max(...rows.flat());
    this.drawCells(rows, tall, wide, largest, hue);
    this.drawRowNames(names, tall, marks);
    const now = { x: this.left + epoch * wide, y: 0, width: Math.max(wide, 2), height: TALL, rx: 2 };
    put(node(svg, 'rect', 'now'), { class: 'now', ...now });
    this.drawFloor(TALL + 16, width);
    const most = formatNumber(largest, 2);
    this.scale =
      place === 'column'
        ? t`One row per column. Stronger colour is more attention (0 to ${most}).`
        : t`One row per step. Stronger colour is more attention (0 to ${most}).`;
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
        const box = {
          x: (this.left + epoch * wide).toFixed(2),
          y: (place * tall).toFixed(2),
          width: wide.toFixed(2),
          height: tall.toFixed(2),
        };
        const look = { fill: hue, 'fill-opacity': (rows[epoch][place] / largest).toFixed(3) };
        put(node(cells, 'rect', `cell${place * this.epochs + epoch}`), { ...box, ...look });
      }
    }
    trim(cells, 'cell', count * this.epochs);
  }

  /**
   * @param {string[]} names
   * @param {number} tall
   * @param {Record<string, string>} marks
   */
  drawRowNames(names, tall, marks) {
    const { svg } = this;
    const step = Math.ceil(ROOM / tall);
    names.forEach((name, place) => {
      const look = { x: this.left - 6, y: (place + 0.5) * tall + 4, 'text-anchor': 'end' };
      const said = `${cutWord(name, LONGEST)}${marks[place] ? ' ▲' : ''}`;
      const text = place % step === 0 || marks[place] ? said : '';
      const row = put(node(svg, 'text', `row${place}`), { ...look, class: marks[place] ? 'strong' : 'small' }, text);
      row.style.opacity = text && !marks[place] && isNear(place, marks, step) ? '0' : '';
    });
    trim(svg, 'row', names.length);
  }

  /**
   * @param {number} y
   * @param {number} width
   */
  drawFloor(y, width) {
    const { svg, epochs } = this;
    put(node(svg, 'text', 'first'), { x: this.left, y, class: 'small' }, t`epoch ${1}`);
    const end = { x: width - RIGHT, y, 'text-anchor': 'end', class: 'small' };
    put(node(svg, 'text', 'last'), end, epochs > 1 ? String(epochs) : '');
  }
}

/**
 * Whether a row with a mark stands so near that both names would touch.
 *
 * @param {number} place
 * @param {Record<string, string>} marks
 * @param {number} step
 */
const isNear = (place, marks, step) => Object.keys(marks).some((mark) => Math.abs(Number(mark) - place) < step);
