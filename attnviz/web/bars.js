// The strongest words as bars. Signed bars start in the middle: left against the label, right toward it.

import { fillChildren, make, put } from './dom.js';
import { formatScore } from './numbers.js';
import { getHue } from './scales.js';

/** @import { Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */

/**
 * @param {HTMLElement} list
 * @param {readonly Token[]} strongest the strongest first
 * @param {boolean} signed
 * @param {Hues} hues
 */
export function drawBars(list, strongest, signed, hues) {
  const largest = Math.abs(strongest[0]?.score ?? 0) || 1;
  fillChildren(list, strongest, buildBar, (row, { word, score }) => {
    const [name, track, value] = row.children;
    put(name, { title: word }, word);
    put(value, {}, formatScore(score, signed));
    row.style.setProperty('--hue', getHue(score, signed, hues));
    const length = /** @type {HTMLElement} */ (track.firstElementChild);
    const { left, width } = placeBar(score / largest, signed);
    length.style.left = `${left}%`;
    length.style.width = `${width}%`;
  });
}

/**
 * In percent of the track.
 *
 * @param {number} share of the largest score, -1 to 1
 * @param {boolean} signed
 */
export function placeBar(share, signed) {
  const size = Math.abs(share) * 100;
  if (!signed) return { left: 0, width: size };
  return { left: share >= 0 ? 50 : 50 - size / 2, width: size / 2 };
}

const buildBar = () =>
  make('li', 'bar', make('span', 'word'), make('span', 'track', make('span', 'length')), make('span', 'value'));
