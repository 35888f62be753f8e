// A copy of a drawing that needs no style sheet, on the page's background.

import { put } from './dom.js';
import { SVG } from './svg.js';

const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'paint-order',
];

/** @param {SVGSVGElement} svg */
export function copyFigure(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const { width, height } = svg.getBoundingClientRect();
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    const target = /** @type {SVGElement} */ (element).style;
    for (const name of KEPT) target.setProperty(name, style.getPropertyValue(name));
  });
  const page = getComputedStyle(svg).getPropertyValue('--st-background-color') || '#ffffff';
  const paper = document.createElementNS(SVG, 'rect');
  copy.prepend(put(paper, { x: 0, y: 0, width: '100%', height: '100%', fill: page }));
  copy.removeAttribute('style');
  put(copy, { width, height });
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}
