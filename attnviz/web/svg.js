// Drawings whose parts are made once and changed in place, so that they glide from one state to the next.

import { put } from './dom.js';

export const SVG = 'http://www.w3.org/2000/svg';

/** @type {WeakMap<Element, Map<string, SVGElement>>} */
const parts = new WeakMap();

/** @param {Element} parent */
function partsOf(parent) {
  const known = parts.get(parent) ?? new Map();
  parts.set(parent, known);
  return known;
}

/**
 * A part of a drawing by its key.
 *
 * @param {Element} parent
 * @param {string} name
 * @param {string} key
 * @returns {SVGElement}
 */
export function node(parent, name, key) {
  const known = partsOf(parent);
  if (!known.has(key)) known.set(key, parent.appendChild(document.createElementNS(SVG, name)));
  return known.get(key);
}

/**
 * Remove the parts whose keys are the prefix and a number from count on.
 *
 * @param {Element} parent
 * @param {string} prefix
 * @param {number} count
 */
export function trim(parent, prefix, count) {
  const known = partsOf(parent);
  for (const [key, part] of known) {
    if (!key.startsWith(prefix) || !(Number(key.slice(prefix.length)) >= count)) continue;
    part.remove();
    known.delete(key);
  }
}

/**
 * A drawing as wide as its place and of a given height in pixels; returns its width.
 *
 * @param {SVGSVGElement} svg
 * @param {number} height
 */
export function sizeFrame(svg, height) {
  const width = Math.max(svg.clientWidth, 200);
  put(svg, { viewBox: `0 0 ${width} ${height}`, height });
  svg.style.height = `${height}px`;
  return width;
}

/**
 * A line through points.
 *
 * @param {readonly (readonly [number, number])[]} points
 */
export const tracePath = (points) =>
  points.map(([x, y], place) => `${place ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
