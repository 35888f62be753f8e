// Weights as a picture, one pixel a weight; the style sheet makes it as large as its place and keeps its edges sharp.

import { formatNumber } from './numbers.js';

/** @import { Rows } from './packed.js' */

/**
 * What the colours mean; they are linear in the weight.
 *
 * @typedef {object} Shades
 * @property {number} low the weight that has no colour
 * @property {number} full the weight that has the full colour
 * @property {string} hue #rrggbb
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Rows} rows at least one, of at least one weight
 * @param {Shades} shades
 */
export function paint(canvas, rows, shades) {
  Object.assign(canvas, { width: rows[0].length, height: rows.length });
  const image = new ImageData(canvas.width, canvas.height);
  const [red, green, blue] = readHue(shades.hue);
  const pixels = new DataView(image.data.buffer);
  const colour = red * 2 ** 24 + green * 2 ** 16 + blue * 2 ** 8;
  rows.forEach((weights, row) => {
    weights.forEach((weight, column) => {
      pixels.setUint32((row * canvas.width + column) * 4, colour + toAlpha(weight, shades));
    });
  });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/**
 * Where there are more weights than pixels of the screen, neighbours are blended instead of some being left out.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function sharpen(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const isDense = canvas.width > width * devicePixelRatio || canvas.height > height * devicePixelRatio;
  canvas.style.imageRendering = isDense ? 'auto' : 'pixelated';
}

/**
 * The same picture enlarged, with sharp edges, as the address of an image.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} pixels about so many on its longer side
 */
export function enlarge(canvas, pixels) {
  const times = Math.max(1, Math.round(pixels / Math.max(canvas.width, canvas.height)));
  const large = document.createElement('canvas');
  Object.assign(large, { width: canvas.width * times, height: canvas.height * times });
  const context = large.getContext('2d');
  if (context) context.imageSmoothingEnabled = false;
  context?.drawImage(canvas, 0, 0, large.width, large.height);
  return large.toDataURL();
}

/**
 * From 0 to 255.
 *
 * @param {number} weight
 * @param {Pick<Shades, 'low' | 'full'>} shades
 */
export function toAlpha(weight, { low, full }) {
  const strength = (weight - low) / (full - low || 1);
  return Math.round(Math.min(Math.max(strength, 0), 1) * 255);
}

/**
 * Red, green and blue, 0 to 255.
 *
 * @param {string} hue #rrggbb
 */
export const readHue = (hue) => [1, 3, 5].map((start) => Number.parseInt(hue.slice(start, start + 2), 16));

/**
 * What stands at the low end of a scale.
 *
 * @param {number} low
 */
export const nameLow = (low) => (low ? formatNumber(low, 4) : '0');
