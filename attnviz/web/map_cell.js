// One map: the words of a text as one network and one method see them.

import { describeAnswer, drawGauge } from './answer.js';
import { find, make, put } from './dom.js';
import { nameRank, nameUnknown, readText } from './highlighted_text.js';
import { showNotes } from './notes.js';
import { formatNumber, formatScore } from './numbers.js';
import { getHue, getRamp, getStrength, nameLowEnd } from './scales.js';
import { TextView } from './text_view.js';

/** @import { Answer } from './answer.js' */
/** @import { PlainText, Token } from './highlighted_text.js' */
/** @import { Hues, Scale } from './scales.js' */

/**
 * @typedef {object} Heading
 * @property {string} name the network, or which text
 * @property {string} detail
 * @property {string} label what the map is called
 */

/** @typedef {Heading & { empty: string }} Empty why there is no map */

/**
 * @typedef {object} Map
 * @property {undefined} [empty]
 * @property {PlainText} text
 * @property {number} of which text it is
 * @property {number[]} groups one a word: words of one group are marked together
 * @property {number[]} ranks one a word; equal scores share the mean of their ranks
 * @property {Answer} answer
 * @property {string[]} notes
 */

/** @typedef {Heading & Map} Cell */

/**
 * Equal scores share the mean of their ranks, which may lie in the middle of two.
 *
 * @param {number} rank
 */
export const formatRank = (rank) => formatNumber(rank, Number.isInteger(rank) ? 0 : 1);

export class MapCell {
  /** @param {HTMLElement} grid */
  constructor(grid) {
    this.box = put(make('div', 'text'), { dir: 'auto' });
    this.view = new TextView(this.box);
    const meter = make('div', 'meter', make('span', 'fill'), make('span', 'half'));
    meter.setAttribute('aria-hidden', 'true');
    const header = make('header', '', make('h4', ''), make('p', 'answer'));
    const scale = make('div', 'scale', make('span', ''), make('span', 'ramp'), make('span', ''));
    const parts = [header, meter, make('p', 'empty'), this.box, scale, make('ul', 'notes')];
    this.node = put(make('section', 'cell', ...parts), { role: 'region' });
    grid.append(this.node);
    /** @type {number[]} */
    this.groups = [];
    /** @type {number[]} */
    this.ranks = [];
    /** @type {Scale | null} */
    this.scale = null;
    this.of = 0;
    this.truncated = 0;
  }

  /**
   * @param {Cell | Empty} cell
   * @param {Hues} hues
   */
  draw(cell, hues) {
    const { node } = this;
    put(node, { 'aria-label': cell.label, 'data-empty': Boolean(cell.empty) });
    find(node, 'h4').replaceChildren(cell.name, make('span', '', `, ${cell.detail}`));
    find(node, '.empty').textContent = cell.empty ?? '';
    if (cell.empty === undefined) this.drawMap(cell, hues);
    else this.clear();
  }

  clear() {
    const scale = { full: 0, signed: false, name: '', toward: '', against: '' };
    this.view.draw({ head: '', truncated: 0, tokens: [], gaps: [''], scale }, () => ({}));
    showNotes(find(this.node, '.notes'), []);
    Object.assign(this, { groups: [], ranks: [], scale: null, of: -1, truncated: 0 });
  }

  /**
   * @param {Cell} cell
   * @param {Hues} hues
   */
  drawMap(cell, hues) {
    const { node } = this;
    const text = readText(cell.text);
    const { groups, ranks, of } = cell;
    Object.assign(this, { groups, ranks, of, scale: text.scale, truncated: text.truncated });
    const { number, verdict } = describeAnswer(cell.answer);
    const known = cell.answer.predicted !== null;
    find(node, '.answer').replaceChildren(make('b', '', known ? number : verdict), known ? ` ${verdict}` : '');
    find(node, '.meter').hidden = !known;
    find(node, '.half').hidden = cell.answer.labels.length !== 2;
    drawGauge(find(node, '.fill'), cell.answer, hues);
    showNotes(find(node, '.notes'), cell.notes);
    this.drawScale(text.scale, text.tokens.length > 0, hues);
    this.view.draw(text, (token, index) => this.dress(token, index, text.scale, hues));
  }

  /**
   * @param {Scale} scale
   * @param {boolean} some
   * @param {Hues} hues
   */
  drawScale({ full, signed }, some, hues) {
    const scale = find(this.node, '.scale');
    scale.style.visibility = some ? 'visible' : 'hidden';
    const [low, ramp, high] = /** @type {HTMLElement[]} */ ([...scale.children]);
    low.textContent = nameLowEnd(full, signed);
    high.textContent = formatNumber(full, 4);
    ramp.style.background = getRamp(signed, hues);
  }

  /**
   * @param {Token} token
   * @param {number} index
   * @param {Scale} scale
   * @param {Hues} hues
   */
  dress(token, index, scale, hues) {
    const { word, score, known } = token;
    const hue = getHue(score, scale.signed, hues);
    const number = formatScore(score, scale.signed);
    const said = nameRank(number, formatRank(this.ranks[index]), this.ranks.length) + nameUnknown(token);
    return {
      class: known ? 'token' : 'token unknown',
      style: `--hue:${hue};--strength:${getStrength(score, scale.full).toFixed(4)}`,
      'aria-describedby': 'maps-tip',
      'aria-label': `${word}, ${scale.name} ${said}`,
    };
  }

  /**
   * The elements of a group's words.
   *
   * @param {number} group
   */
  findElements(group) {
    return this.view.elements.filter((_, index) => this.groups[index] === group);
  }

  /**
   * Tab leads to the same word of the next map.
   *
   * @param {number} group
   */
  standOn(group) {
    const index = this.groups.indexOf(group);
    if (index >= 0) this.view.moveStop(index);
  }

  /** @param {number} group */
  bringIntoView(group) {
    for (const element of this.findElements(group)) {
      const place = element.getBoundingClientRect();
      const frame = this.box.getBoundingClientRect();
      const seen = place.top >= frame.top && place.bottom <= frame.bottom;
      if (!seen) this.box.scrollTop += place.top - frame.top - this.box.clientHeight / 2;
    }
  }
}
