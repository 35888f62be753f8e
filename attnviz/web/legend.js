// What fill and underline of the words mean, and the choice between them.

import { find, put } from './dom.js';
import { t } from './language.js';
import { formatNumber, formatPercent } from './numbers.js';
import { describeFull, getRamp, nameLowEnd, placeEven } from './scales.js';

/** @import { Root } from './component.js' */
/** @import { Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */
/** @import { Choice, Layer, LayeredText, Layers, Shown } from './shown_layers.js' */

export class Legend {
  /**
   * @param {Root} root holds review.html
   * @param {Hues} hues
   * @param {() => void} changed called when something else is to be shown
   */
  constructor(root, hues, changed) {
    this.hues = hues;
    this.box = find(root, '.scale');
    this.layers = find(root, '.layers');
    this.absolute = find(root, '.absolute', HTMLInputElement);
    this.said = find(root, '.absolute-said');
    this.logOdds = find(root, '.log-odds', HTMLInputElement);
    this.why = find(root, '.why-no-log-odds');
    this.box.style.setProperty('--unsigned', hues.unsigned);
    this.box.addEventListener('change', changed);
  }

  /** @returns {Choice} */
  get choice() {
    const layers = find(this.layers, ':checked', HTMLInputElement);
    return {
      layers: /** @type {Layers} */ (layers.value),
      logOdds: this.logOdds.checked && !this.logOdds.disabled,
      absolute: this.absolute.checked && !this.absolute.disabled,
    };
  }

  /**
   * Only what this answer has can be chosen.
   *
   * @param {LayeredText} text
   */
  offer({ scale, attention, logOdds, whyNoLogOdds }) {
    this.layers.hidden = !attention;
    const told = Boolean(logOdds);
    this.logOdds.disabled = !told;
    find(this.box, '.in-log-odds').hidden = !scale.signed;
    put(this.why, {}, told ? '' : `(${whyNoLogOdds})`);
  }

  /** @param {Shown} shown */
  draw({ text, fill, line }) {
    this.box.hidden = !text.tokens.length;
    const { logOdds, layers, absolute } = this.choice;
    this.absolute.disabled = logOdds && layers !== 'underline';
    put(this.said, {}, absolute ? explainAbsolute(text.tokens, fill.scale.signed) : '');
    const ramp = find(this.box, '.ramp');
    ramp.style.background = getRamp(fill.scale.signed, this.hues);
    ramp.classList.toggle('signed', fill.scale.signed);
    const said = describeScale(fill);
    this.drawScale(find(this.box, '.fill-scale'), fill, line ? t`Fill: ${said}` : said);
    const second = find(this.box, '.line-scale');
    second.hidden = !line;
    if (line) this.drawScale(second, line, t`Underline: ${describeScale(line)}`);
  }

  /**
   * @param {HTMLElement} row
   * @param {Layer} layer
   * @param {string} meaning
   */
  drawScale(row, { scale, full }, meaning) {
    put(find(row, '.low'), {}, nameLowEnd(full, scale.signed));
    put(find(row, '.high'), {}, formatNumber(full, 4));
    put(find(row, '.meaning'), {}, meaning);
    const mark = find(row, '.even');
    const even = placeEven(scale, full);
    mark.hidden = even === null;
    mark.style.left = `${even ?? 0}%`;
  }
}

/**
 * What the absolute scale shows, and why little may be seen of it.
 *
 * @param {readonly Token[]} tokens
 * @param {boolean} signed
 */
export function explainAbsolute(tokens, signed) {
  const most = tokens.reduce((largest, { score }) => Math.max(largest, Math.abs(score)), 0);
  const full = signed ? t`a change by 1` : t`all of the attention`;
  return t`Full colour: ${full}, for every text; the strongest reaches ${formatPercent(most)} of it.`;
}

/**
 * A scale in words.
 *
 * @param {Layer} layer
 */
export const describeScale = ({ scale: { name, even }, full }) => t`${name}, linear; ${describeFull(full, even)}`;
