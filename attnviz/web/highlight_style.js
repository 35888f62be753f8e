// How a word of the review looks and what it says. Its fill is the chosen scores, and so is its underline, as a second
// cue beside the hue; with two layers the underline is attention. Fills against the label are hatched.

import { describeToken } from './highlighted_text.js';
import { t } from './language.js';
import { formatNumber, formatScore } from './numbers.js';
import { getHue, getStrength } from './scales.js';

/** @import { Attributes } from './dom.js' */
/** @import { Sum, Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */
/** @import { Layer, Shown } from './shown_layers.js' */

/**
 * @param {Token} token
 * @param {Shown} shown
 * @param {object} page
 * @param {Hues} page.hues
 * @param {Sum} page.all
 * @param {Map<number, string | null> | null} page.reads what the last steps say; the answer may be older than they are
 * @returns {Attributes}
 */
export function dressToken(token, { fill, line }, { hues, all, reads }) {
  const { word, start, state } = token;
  const said = describeToken(token, fill.scale.signed, all) + (line ? describeWeight(token, line) : '');
  const changed = reads ? (reads.get(start) ?? null) !== null : state !== 'read';
  return {
    class: ['token', ...nameLook(token, fill), ...nameChange(token, changed, reads)].join(' '),
    style: styleToken(token, fill, line, hues),
    'data-tip': `${word}: ${said}`,
    'data-said': state === 'replaced' ? t`“${word}” is read here: ${said}` : said,
    'aria-pressed': changed,
    'aria-label': state === 'left out' ? t`${word}, left out` : `${word}, ${fill.scale.name} ${said}`,
  };
}

/**
 * @param {Token} token
 * @param {Layer} line
 */
function describeWeight({ weight = 0, state }, { scale }) {
  if (state === 'left out') return '';
  const times = scale.even ? t`, ${formatNumber(weight / scale.even, 1)} times an even share` : '';
  return t`; ${scale.name} ${formatScore(weight, false)}${times}`;
}

/**
 * @param {Token} token
 * @param {Layer} fill
 * @param {Layer | null} line
 * @param {Hues} hues
 */
function styleToken({ score, weight = 0 }, fill, line, hues) {
  const { signed } = fill.scale;
  const style = `--hue:${getHue(score, signed, hues)};--strength:${getStrength(score, fill.full).toFixed(4)}`;
  if (!line) return style;
  return `${style};--line-hue:${hues.unsigned};--line:${getStrength(weight, line.full).toFixed(4)}`;
}

/**
 * @param {Token} token
 * @param {Layer} fill
 */
function nameLook({ known, score }, { scale }) {
  return [...(known ? [] : ['unknown']), ...(scale.signed && score < 0 ? ['against'] : [])];
}

/**
 * The classes of a word that was changed.
 *
 * @param {Token} token
 * @param {boolean} changed
 * @param {Map<number, string | null> | null} reads
 */
function nameChange({ start, state }, changed, reads) {
  if (!changed) return [];
  if (state === 'left out' || reads?.get(start) === '') return ['left-out'];
  return state === 'replaced' ? ['replaced'] : [];
}

/**
 * Marks every place of a word, and no other one.
 *
 * @param {Iterable<HTMLElement>} elements
 * @param {string | null} word
 */
export function pointAtWord(elements, word) {
  for (const element of elements) element.toggleAttribute('data-pointed', element.dataset.token === word);
}
