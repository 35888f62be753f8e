// The attention weights of one epoch as bars, each with its place, its mark, and of 20 seeds their spread.

import { put } from './dom.js';
import { roundUp } from './scales.js';
import { node, sizeFrame, trim } from './svg.js';

/** @import { Result, Spread } from './lab_data.js' */
/** @import { Shown } from './samples.js' */
/** @import { Hues } from './scales.js' */

const HEIGHT = 260;
const BASE = HEIGHT - 44;
const FULL = BASE - 24;
const TOPS = [0.1, 0.2, 0.35, 0.5, 0.75];

/**
 * @typedef {object} Layout
 * @property {number} slot pixels a bar
 * @property {number} top the weight at the top
 * @property {boolean} few whether there is room for whole names
 * @property {boolean} roomy whether there is room for numbers
 */

/**
 * @param {Layout} layout
 * @param {number} weight
 */
const toY = ({ top }, weight) => BASE - Math.min(weight / top, 1) * FULL;

/**
 * @param {SVGSVGElement} svg
 * @param {Shown} shown
 * @param {Result} result
 * @param {number} epoch counted from 0
 * @param {Hues} hues
 */
export function drawWeights(svg, shown, result, epoch, hues) {
  const width = sizeFrame(svg, HEIGHT);
  const weights = shown.rows[epoch];
  const count = weights.length;
  const spread = shown.inputs ? null : result.spread;
  const highest = spread ? spread.mean.map((mean, index) => mean + spread.deviation[index]) : [];
  const slot = width / count;
  const top = roundUp(Math.max(...shown.rows.flat(), ...highest), TOPS);
  const layout = { slot, top, few: slot > 74, roomy: slot > 30 };
  put(node(svg, 'line', 'floor'), { class: 'axis', x1: 0, x2: width, y1: BASE, y2: BASE });
  const columns = node(svg, 'g', 'columns');
  drawEven(svg, width, count, layout);
  const labels = node(svg, 'g', 'labels');
  weights.forEach((weight, index) => {
    const bar = node(columns, 'g', `bar${index}`);
    drawBar(bar, weight, index, shown, result.place, layout, hues);
    drawNames(bar, index, shown, result.place, layout);
    drawWhisker(bar, index, spread, layout);
    const value = layout.roomy && !spread ? weight.toFixed(layout.few ? 3 : 2) : '';
    const look = { 'text-anchor': 'middle', class: layout.few ? 'value' : 'value small' };
    const place = { x: (index + 0.5) * slot, y: toY(layout, weight) - 6 };
    put(node(labels, 'text', `value${index}`), { ...place, ...look }, value);
  });
  trim(columns, 'bar', count);
  trim(labels, 'value', count);
}

/**
 * @param {SVGSVGElement} svg
 * @param {number} width
 * @param {number} count
 * @param {Layout} layout
 */
function drawEven(svg, width, count, layout) {
  const y = toY(layout, 1 / count);
  const even = put(node(svg, 'line', 'even'), { class: 'even', x1: 0, x2: width, y1: y, y2: y });
  put(node(even, 'title', 'title'), {}, `an even share: ${(1 / count).toFixed(3)}`);
}

/**
 * @param {SVGElement} bar
 * @param {number} weight
 * @param {number} index
 * @param {Shown} shown
 * @param {string} place what a weight belongs to
 * @param {Layout} layout
 * @param {Hues} hues
 */
function drawBar(bar, weight, index, { marks, truth }, place, layout, hues) {
  const { slot } = layout;
  const gap = Math.min(slot * 0.18, 18);
  const y = toY(layout, weight);
  const tip = `${place} ${index}: ${weight.toFixed(4)}${marks[index] ? `, ${marks[index]}` : ''}`;
  put(node(bar, 'title', 'title'), {}, tip);
  const box = { x: index * slot + gap / 2, width: slot - gap, y, height: Math.max(BASE - y, 1), rx: 3 };
  put(node(bar, 'rect', 'rect'), { ...box, fill: hues.unsigned, 'fill-opacity': truth[index] ? 1 : 0.4 });
}

/**
 * Under a bar: its place, and its mark or what stands there.
 *
 * @param {SVGElement} bar
 * @param {number} index
 * @param {Shown} shown
 * @param {string} place
 * @param {Layout} layout
 */
function drawNames(bar, index, shown, place, { slot, few, roomy }) {
  const mark = shown.marks[index];
  const x = (index + 0.5) * slot;
  const name = `${few ? `${place} ${index}` : index}${mark && shown.inputs ? ' ▲' : ''}`;
  const look = { x, 'text-anchor': 'middle' };
  put(node(bar, 'text', 'name'), { ...look, y: BASE + 17, class: few ? '' : 'small' }, name);
  const input = shown.inputs && roomy ? shown.inputs[index].toFixed(few ? 3 : 2) : '';
  const arrow = few ? `▲ ${mark}` : '▲';
  const below = shown.inputs || !mark ? input : arrow;
  put(node(bar, 'text', 'mark'), { ...look, y: BASE + 35, class: mark ? 'strong' : 'small' }, below);
}

/**
 * Mean and standard deviation of 20 seeds.
 *
 * @param {SVGElement} bar
 * @param {number} index
 * @param {Spread | null} spread
 * @param {Layout} layout
 */
function drawWhisker(bar, index, spread, layout) {
  put(node(bar, 'path', 'error'), { class: 'error', d: spread ? traceWhisker(index, spread, layout) : 'M0 0' });
}

/**
 * @param {number} index
 * @param {Spread} spread
 * @param {Layout} layout
 */
function traceWhisker(index, { mean, deviation }, layout) {
  const x = (index + 0.5) * layout.slot;
  const cap = Math.min(8, layout.slot / 5);
  const low = toY(layout, Math.max(mean[index] - deviation[index], 0));
  const high = toY(layout, mean[index] + deviation[index]);
  const ends = `M${x - cap} ${low}h${2 * cap}M${x} ${low}V${high}M${x - cap} ${high}h${2 * cap}`;
  return `${ends}M${x - cap / 2} ${toY(layout, mean[index])}h${cap}`;
}
