// The attention weights of one epoch as bars: each with its place, its number, what the network uses of it, and a dot
// for each of many seeds. Below them stand the marks of what is planted.

import { AnswerMarks, nameWhole } from './answer_marks.js';
import { put } from './dom.js';
import { t } from './language.js';
import { formatDigits, formatNumber } from './numbers.js';
import { nameColumn, namePlace } from './places.js';
import { roundUp } from './scales.js';
import { drawDots } from './seed_dots.js';
import { node, sizeFrame, trim } from './svg.js';
import { cutWord } from './words.js';

/** @import { Result } from './lab_data.js' */
/** @import { Shown } from './samples.js' */
/** @import { Hues } from './scales.js' */

const HEIGHT = 312;
const BASE = HEIGHT - 80;
const FULL = BASE - 28;
const LEFT = 30;
const WIDE = 560; // pixels from which the even share has its whole name beside it
const TOPS = [0.1, 0.2, 0.35, 0.5, 0.75];
const LONGEST = 16; // letters of a name
const ACROSS = 4.8; // pixels that a letter of a turned name needs to the left

/**
 * @typedef {object} Layout
 * @property {number} left where the first slot begins
 * @property {number} right where the last one ends
 * @property {number} base where the bars stand
 * @property {number} slot pixels a place
 * @property {number} wide pixels of a bar
 * @property {number} thin pixels of the bar of what is used, 0 without one
 * @property {number} gap pixels before a bar
 * @property {number} top the weight at the top
 */

/**
 * @param {Layout} layout
 * @param {number} weight
 */
const toY = ({ top, base }, weight) => base - Math.min(weight / top, 1) * FULL;

/**
 * Where the middle of a bar is.
 *
 * @param {Layout} layout
 * @param {number} index
 */
const toX = ({ left, slot, gap, wide }, index) => left + index * slot + gap + wide / 2;

/**
 * The foot of a number above a bar, such that no line strikes through it.
 *
 * @param {number} y where the bar ends
 * @param {readonly number[]} lines where they are
 */
export function placeNumber(y, lines) {
  let foot = y - 6;
  for (const line of [...lines].sort((one, other) => other - one)) {
    if (line > foot - 14 && line < foot + 4) foot = line - 6;
  }
  return foot;
}

export class WeightChart {
  /**
   * @param {SVGSVGElement} svg
   * @param {Hues} hues
   * @param {object} moves
   * @param {(column: number) => void} moves.plant called when the answer's mark is moved
   * @param {(seed: number) => void} moves.look called when a seed's dot is clicked
   */
  constructor(svg, hues, { plant, look }) {
    this.svg = svg;
    this.hues = hues;
    this.marks = new AnswerMarks(svg, BASE, plant);
    this.kind = '';
    this.top = 0;
    svg.addEventListener('click', ({ target }) => {
      const seed = target instanceof SVGElement ? target.dataset.seed : undefined;
      if (seed !== undefined) look(Number(seed));
    });
  }

  /**
   * @param {Shown} shown
   * @param {Result} result
   * @param {number} epoch counted from 0
   * @param {{ marks: Record<string, string>, movable: number | null }} planted what stands where, and what can be moved
   */
  draw(shown, result, epoch, planted) {
    const { svg } = this;
    const isLast = epoch === shown.rows.length - 1;
    const spread = shown.inputs || !isLast ? null : result.spread;
    const use = shown.inputs ? null : result.use;
    const layout = this.lay(shown, result, use !== null);
    const lines = [...this.drawAxis(layout), this.drawEven(layout, result.names.length)];
    const bars = node(svg, 'g', 'bars');
    const numbers = node(svg, 'g', 'numbers');
    shown.rows[epoch].forEach((weight, index) => {
      const bar = node(bars, 'g', `bar${index}`);
      this.drawBar(bar, weight, index, shown, result, layout);
      drawUse(bar, index, use, layout);
      const below = spread ? formatNumber(weight, 3) : nameInput(shown.inputs, index, layout);
      drawNames(bar, index, result, below, layout);
      drawNumber(numbers, index, spread ? null : weight, lines, layout);
    });
    trim(bars, 'bar', result.names.length);
    trim(numbers, 'number', result.names.length);
    put(bars, { class: 'bars' });
    put(numbers, { class: 'numbers' });
    const dot = {
      x: (/** @type {number} */ index) => toX(layout, index),
      y: (/** @type {number} */ weight) => toY(layout, weight),
    };
    drawDots(node(svg, 'g', 'dots'), spread, result.seed, { ...dot, wide: layout.wide });
    this.marks.draw(planted.marks, planted.movable, { ...layout, names: result.names });
  }

  /**
   * @param {Shown} shown
   * @param {Result} result
   * @param {boolean} withUse
   * @returns {Layout}
   */
  lay({ rows, inputs }, { names, place, spread, use }, withUse) {
    const width = sizeFrame(this.svg, HEIGHT);
    const right = width - (width > WIDE ? 76 : 38);
    const slot = (right - LEFT) / names.length;
    const gap = Math.min(slot * 0.18, 22);
    const highest = [...rows.flat(), ...(spread?.attention.flat() ?? []), ...(use?.share ?? [])];
    const kind = `${names.length} ${place} ${inputs ? 'sample' : 'mean'}`;
    const needed = roundUp(Math.max(...highest), TOPS);
    this.top = kind === this.kind ? Math.max(this.top, needed) : needed; // it stays, so that runs can be compared
    this.kind = kind;
    const room = slot - gap;
    const bars = withUse ? { wide: room * 0.7, thin: room * 0.22 } : { wide: room, thin: 0 };
    return { left: LEFT, right, base: BASE, slot, gap: gap / 2, top: this.top, ...bars };
  }

  /**
   * Three lines; where they are.
   *
   * @param {Layout} layout
   */
  drawAxis(layout) {
    return [0, 0.5, 1].map((share, index) => {
      const y = toY(layout, share * layout.top);
      put(node(this.svg, 'line', `grid${index}`), { class: 'axis', x1: LEFT, x2: layout.right, y1: y, y2: y });
      const place = { x: LEFT - 6, y: y + 4, 'text-anchor': 'end', class: 'small' };
      put(node(this.svg, 'text', `tick${index}`), place, formatDigits(share * layout.top, 3));
      return y;
    });
  }

  /**
   * The line of the even share, with its name at its end; where it is.
   *
   * @param {Layout} layout
   * @param {number} count
   */
  drawEven(layout, count) {
    const { svg } = this;
    const y = toY(layout, 1 / count);
    put(node(svg, 'line', 'even'), { class: 'even', x1: LEFT, x2: layout.right, y1: y, y2: y });
    const x = layout.right + 5;
    const name = svg.clientWidth > WIDE ? t`even share` : t`even`;
    put(node(svg, 'text', 'even-name'), { x, y: y - 2, class: 'small' }, name);
    put(node(svg, 'text', 'even-share'), { x, y: y + 12, class: 'small' }, formatNumber(1 / count, count > 9 ? 3 : 2));
    return y;
  }

  /**
   * @param {SVGElement} bar
   * @param {number} weight
   * @param {number} index
   * @param {Shown} shown
   * @param {Result} result
   * @param {Layout} layout
   */
  drawBar(bar, weight, index, { marks, truth }, { place, names }, layout) {
    const y = toY(layout, weight);
    const name = names[index] === String(index) ? namePlace(place, index) : nameColumn(names[index]);
    put(node(bar, 'title', 'title'), {}, describeBar(name, weight, marks[index]));
    const box = {
      x: toX(layout, index) - layout.wide / 2,
      width: layout.wide,
      y,
      height: Math.max(layout.base - y, 1),
      rx: 3,
    };
    const strength = truth.length && !truth[index] ? 0.4 : 1;
    put(node(bar, 'rect', 'rect'), { ...box, fill: this.hues.unsigned, 'fill-opacity': strength });
  }
}

/**
 * @param {string} name
 * @param {number} weight
 * @param {string | undefined} mark
 */
function describeBar(name, weight, mark) {
  const written = formatNumber(weight, 4);
  if (!mark) return t`${name}: attention ${written}`;
  const planted = nameWhole(mark);
  return t`${name}: attention ${written}, ${planted}`;
}

/**
 * An outline beside the bar: the share of what the network uses.
 *
 * @param {SVGElement} bar
 * @param {number} index
 * @param {Result['use']} use
 * @param {Layout} layout
 */
function drawUse(bar, index, use, layout) {
  const share = use?.share[index] ?? 0;
  const y = toY(layout, share);
  const x = toX(layout, index) + layout.wide / 2 + (layout.slot - layout.gap * 2 - layout.wide - layout.thin);
  const trace = `M${x.toFixed(1)} ${layout.base}V${y.toFixed(1)}h${layout.thin.toFixed(1)}V${layout.base}z`;
  const path = put(node(bar, 'path', 'use'), { class: 'use', d: use ? trace : 'M0 0' });
  const points = formatNumber((use?.cost[index] ?? 0) * 100, 1);
  put(node(path, 'title', 'title'), {}, t`shuffling it costs ${points} points of accuracy`);
}

/**
 * What stands at a place, in the room that there is.
 *
 * @param {number[] | null} inputs
 * @param {number} index
 * @param {Layout} layout
 */
function nameInput(inputs, index, { slot }) {
  return inputs && slot > 30 ? formatNumber(inputs[index], slot > 50 ? 3 : 2) : '';
}

/**
 * Under a bar: its place, and a number that belongs to it.
 *
 * @param {SVGElement} bar
 * @param {number} index
 * @param {Result} result
 * @param {string} below
 * @param {Layout} layout
 */
function drawNames(bar, index, { place, names }, below, { left, slot, base }) {
  const x = left + (index + 0.5) * slot;
  if (names[index] !== String(index)) {
    drawTurned(bar, names[index], index, x, slot, base);
    return;
  }
  const isSome = slot > 24 || index % Math.ceil(24 / slot) === 0;
  const name = slot > 74 ? namePlace(place, index) : names[index];
  const look = { x, 'text-anchor': 'middle', transform: '' };
  put(node(bar, 'text', 'name'), { ...look, y: base + 18, class: slot > 74 ? '' : 'small' }, isSome ? name : '');
  put(node(bar, 'text', 'below'), { ...look, y: base + 36, class: 'small' }, slot > 30 ? below : '');
}

/**
 * The name of a column of a table is too long to stand straight.
 *
 * @param {SVGElement} bar
 * @param {string} name
 * @param {number} index
 * @param {number} x
 * @param {number} slot
 * @param {number} base
 */
function drawTurned(bar, name, index, x, slot, base) {
  const turn = `translate(${(x + 4).toFixed(1)} ${base + 14}) rotate(-38)`;
  const most = Math.min(LONGEST, Math.floor(x / ACROSS)); // a name at the left edge ends there
  const text = slot > 13 || index % 2 === 0 ? cutWord(name, most) : '';
  put(node(bar, 'text', 'name'), { x: 0, y: 0, 'text-anchor': 'end', transform: turn, class: 'small' }, text);
  put(node(bar, 'text', 'below'), {}, '');
}

/**
 * The number above a bar.
 *
 * @param {SVGElement} numbers
 * @param {number} index
 * @param {number | null} weight null where dots take its place
 * @param {readonly number[]} lines that must not strike it through
 * @param {Layout} layout
 */
function drawNumber(numbers, index, weight, lines, layout) {
  const isWide = layout.wide > 34;
  const look = { 'text-anchor': 'middle', class: isWide ? 'value' : 'value small' };
  const place = { x: toX(layout, index), y: placeNumber(toY(layout, weight ?? 0), lines) };
  const text = weight === null || layout.wide < 24 ? '' : formatNumber(weight, isWide ? 3 : 2);
  put(node(numbers, 'text', `number${index}`), { ...place, ...look }, text);
}
