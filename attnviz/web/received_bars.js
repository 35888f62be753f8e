// Under a heat map, as wide as it is: how much attention each column's word receives, as bars.

/** @import { Span } from './map_block.js' */

import { readHue } from './heat_canvas.js';
import { listStarts } from './map_block.js';

/**
 * @typedef {object} Bars
 * @property {Float64Array} received of all words
 * @property {Span} span the words that are seen
 * @property {number} full what the highest bar may be
 * @property {string} hue
 */

const HEIGHT = 32;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Bars} bars
 */
export function drawBars(canvas, { received, span, full, hue }) {
  const values = pickBars(received, span);
  const room = Math.max(1, canvas.parentElement?.clientWidth ?? 1);
  Object.assign(canvas, { width: Math.round(room * devicePixelRatio), height: HEIGHT * devicePixelRatio });
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = `rgb(${readHue(hue).join(' ')})`;
  const wide = canvas.width / values.length;
  const gap = wide > 4 ? Math.min(2, wide / 6) : 0;
  values.forEach((value, place) => {
    const tall = Math.min(1, value / (full || 1)) * canvas.height;
    context.fillRect(place * wide + gap / 2, canvas.height - tall, Math.max(wide - gap, 0.5), tall);
  });
}

/**
 * One bar a word, and where there are more words than a picture has pixels the largest of each few.
 *
 * @param {Float64Array} received
 * @param {Span} span
 */
export function pickBars(received, span) {
  const starts = listStarts(span);
  return starts.map((start, place) => Math.max(...received.slice(start, starts[place + 1] ?? span[1])));
}
