// The text as the chosen map and query see it: its highlight, and lines from the word that asks.

import { find } from './dom.js';
import { getFullWeight } from './heat_shades.js';
import { nameRank, nameUnknown, scoreAnew } from './highlighted_text.js';
import { t } from './language.js';
import { formatNumber } from './numbers.js';
import { getStrength } from './scales.js';
import { TextView } from './text_view.js';
import { WordTip } from './tip.js';
import { drawLines, pickTargets } from './token_lines.js';

/** @import { Root } from './component.js' */
/** @import { HighlightedText, Token } from './highlighted_text.js' */
/** @import { Lines } from './token_lines.js' */

/**
 * @typedef {object} Seen
 * @property {HighlightedText} text
 * @property {Float64Array} scores
 * @property {number | null} query the word that asks
 * @property {boolean} isMatrix whether words can ask
 * @property {number} evenShares
 */

const GLIDING = 150; // words; the highlight of longer texts changes at once

export class HeadsText {
  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.box = find(root, '.text');
    this.view = new TextView(find(root, '.words'));
    this.tip = new WordTip(this.view.box, find(root, '.tip'));
    this.svg = find(root, '.lines', SVGSVGElement);
    /** @type {Seen | null} */
    this.seen = null;
    this.full = 1; // the weight that has the full colour, and the one of the widest line
    this.widest = 1;
    /** @type {HTMLElement[]} */
    this.marked = [];
    /** @type {Lines | null} null where no word asks */
    this.lines = null;
    new ResizeObserver(() => this.drawLines()).observe(this.view.box);
  }

  get words() {
    return this.view.elements;
  }

  /** @param {Event} event */
  findIndex(event) {
    return this.view.findIndex(event);
  }

  /** @param {Seen} seen */
  draw(seen) {
    const { text, scores, query } = seen;
    this.seen = seen;
    this.box.classList.toggle('long', scores.length > GLIDING);
    this.full = getFullWeight(Math.max(...scores), scores.length, seen.evenShares);
    this.view.draw(scoreAnew(text, scores), (token, place) => this.dress(token, place, seen));
    this.lines = query === null ? null : pickTargets(scores, query);
    this.widest = getFullWeight(this.lines?.targets[0]?.weight ?? 0, scores.length, seen.evenShares);
    this.drawLines();
    find(this.root, '.side .high').textContent = formatNumber(this.full, 4);
    this.tip.refresh();
  }

  drawLines() {
    const { box } = this.view;
    if (!this.lines?.targets.length && !this.svg.childElementCount) return; // where words stand takes time to find out
    this.svg.style.height = `${box.offsetHeight}px`;
    drawLines(this.svg, this.words, this.seen?.query ?? null, this.lines?.targets ?? [], this.widest);
  }

  /**
   * @param {Token} token
   * @param {number} place
   * @param {Seen} seen
   */
  dress(token, place, { scores, query, isMatrix }) {
    const { word, score, rank, known } = token;
    const said = nameRank(formatNumber(score, 4), rank, scores.length) + nameUnknown(token);
    const asks = place === query;
    return {
      class: `token${known ? '' : ' unknown'}${asks ? ' followed' : ''}`,
      style: `--strength:${getStrength(score, this.full).toFixed(4)}`,
      'data-tip': `${word}: ${said}`,
      'aria-label': t`${word}, attention weight ${said}` + (asks ? t`, the word that asks` : ''),
      ...(isMatrix ? { 'aria-pressed': asks } : {}),
    };
  }

  /**
   * Scrolls the text, and not the page, to a word.
   *
   * @param {number} word
   */
  reveal(word) {
    const { offsetTop, offsetHeight } = this.words[word];
    const { box } = this;
    const isSeen = offsetTop >= box.scrollTop && offsetTop + offsetHeight <= box.scrollTop + box.clientHeight;
    if (!isSeen) box.scrollTop = offsetTop - box.clientHeight / 2;
  }

  /**
   * Marks the words of a cell.
   *
   * @param {number | undefined} from
   * @param {number | undefined} to
   */
  mark(from, to) {
    for (const element of this.marked) element.classList.remove('marked', 'asking');
    const found = [to, from].map((place) => (place === undefined ? undefined : this.words[place]));
    found[0]?.classList.add('marked');
    found[1]?.classList.add('asking');
    this.marked = found.filter((element) => element !== undefined);
  }
}
