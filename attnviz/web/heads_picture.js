// The heat map as a picture to take away, with what its rows, columns and colours mean.

import { put } from './dom.js';
import { enlarge, nameLow } from './heat_canvas.js';
import { t } from './language.js';
import { formatNumber } from './numbers.js';
import { SVG } from './svg.js';
import { cutWord } from './words.js';

/** @import { Attributes } from './dom.js' */
/** @import { Shades } from './heat_canvas.js' */
/** @import { Picture } from './heat_map.js' */
/** @import { Drawing } from './picture.js' */

/**
 * @typedef {object} Caption
 * @property {string} title
 * @property {string} meaning what rows and columns are
 * @property {string[]} rowNames of what is seen
 * @property {string[]} columnNames
 * @property {number | null} row the chosen one among them
 * @property {string} file
 */

const SIDE = 24;
const TOP = 70;
const FLOOR = 44;
const LETTERS = 110; // pixels for names
const NAMED = 11; // pixels that a name needs

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Caption} caption
 * @returns {Drawing}
 */
export function drawMap(canvas, picture, caption) {
  const { shades } = picture;
  const [rowNames, columnNames] = [caption.rowNames, caption.columnNames];
  const size = canvas.getBoundingClientRect();
  const cell = { width: size.width / columnNames.length, height: size.height / rowNames.length };
  const [left, below] = [cell.height, cell.width].map((room) => (room >= NAMED ? LETTERS : 0));
  const width = Math.max(SIDE + left + size.width + SIDE, 560);
  const height = TOP + size.height + below + FLOOR;
  const style = getComputedStyle(canvas);
  const svg = document.createElementNS(SVG, 'svg');
  const frame = { xmlns: SVG, viewBox: `0 0 ${width} ${height}`, width, height };
  put(svg, { ...frame, fill: style.color, 'font-family': style.fontFamily, 'font-size': 12 });
  const paper = style.getPropertyValue('--st-background-color') || '#ffffff';
  add(svg, 'rect', { width, height, fill: paper });
  add(svg, 'text', { x: SIDE, y: 28, 'font-size': 15, 'font-weight': 600 }, caption.title);
  add(svg, 'text', { x: SIDE, y: 50 }, caption.meaning);
  const map = { x: SIDE + left, y: TOP, width: size.width, height: size.height };
  const image = { preserveAspectRatio: 'none', style: 'image-rendering:pixelated' };
  add(svg, 'image', { ...map, ...image, href: enlarge(canvas, 1000) });
  add(svg, 'rect', { ...map, fill: 'none', stroke: style.color, 'stroke-opacity': 0.3 });
  if (left) drawRowNames(svg, rowNames, map, cell.height);
  if (below) drawColumnNames(svg, columnNames, map, cell.width);
  if (caption.row !== null) {
    const box = { ...map, y: TOP + caption.row * cell.height, height: cell.height };
    add(svg, 'rect', { ...box, fill: 'none', stroke: style.color, 'stroke-width': 2 });
  }
  drawScale(svg, height - 20, shades);
  return { text: new XMLSerializer().serializeToString(svg), width, height, file: caption.file };
}

/**
 * @param {Element} svg
 * @param {readonly string[]} names
 * @param {{ x: number, y: number }} map
 * @param {number} tall
 */
function drawRowNames(svg, names, { x, y }, tall) {
  names.forEach((name, row) => {
    const place = { x: x - 8, y: y + (row + 0.5) * tall + 4, 'text-anchor': 'end' };
    add(svg, 'text', place, cutWord(name, 14));
  });
}

/**
 * @param {Element} svg
 * @param {readonly string[]} names
 * @param {{ x: number, y: number, height: number }} map
 * @param {number} wide
 */
function drawColumnNames(svg, names, { x, y, height }, wide) {
  names.forEach((name, column) => {
    const turn = `translate(${x + (column + 0.5) * wide + 4} ${y + height + 8}) rotate(-90)`;
    add(svg, 'text', { transform: turn, 'text-anchor': 'end' }, cutWord(name, 14));
  });
}

/**
 * @param {Element} svg
 * @param {number} y
 * @param {Shades} shades
 */
function drawScale(svg, y, { low, full, hue }) {
  const ramp = add(svg, 'linearGradient', { id: 'ramp' });
  for (const end of [0, 1]) add(ramp, 'stop', { offset: end, 'stop-color': hue, 'stop-opacity': end });
  add(svg, 'text', { x: SIDE + 44, y, 'text-anchor': 'end' }, nameLow(low));
  add(svg, 'rect', { x: SIDE + 52, y: y - 9, width: 120, height: 10, fill: 'url(#ramp)' });
  const weight = formatNumber(full, 4);
  add(svg, 'text', { x: SIDE + 180, y }, t`${weight}, attention weight, linear`);
}

/**
 * @param {Element} parent
 * @param {string} name
 * @param {Attributes} attributes
 * @param {string} [text]
 */
const add = (parent, name, attributes, text) =>
  put(parent.appendChild(document.createElementNS(SVG, name)), attributes, text);
