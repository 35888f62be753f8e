// All attention weights of a text: a heat map of a head, and the text as the chosen head and query see it. Everything
// is computed here from one answer of the network; nothing is asked while somebody chooses.

import { AttentionWeights, count, getFullWeight } from './attention_weights.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { fillChildren, find, keepKeys, make, put, showNotes } from './dom.js';
import { HeadChoice } from './head_choice.js';
import { drawMap } from './heads_picture.js';
import { describePeak, describeSpread, findPeak } from './heads_sentence.js';
import { nameLow } from './heat_canvas.js';
import { HeatMap } from './heat_map.js';
import { explainShades, getShades, stretchShades } from './heat_shades.js';
import { nameUnknown, readText, scoreAnew } from './highlighted_text.js';
import { mountSave } from './picture.js';
import { getStrength } from './scales.js';
import { TextView } from './text_view.js';
import { placeTip, WordTip } from './tip.js';
import { capitalise } from './words.js';

/** @import { PlainWeights, Reduction } from './attention_weights.js' */
/** @import { Call, Root } from './component.js' */
/** @import { Cell } from './heat_map.js' */
/** @import { HighlightedText, PlainText, Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} Heads
 * @property {PlainText} text
 * @property {PlainWeights} attention
 * @property {string} above how the highlight above reduces the weights; '' if it shows something else
 * @property {string} method what the highlight above shows
 * @property {string} note what a reader must know beside the weights; '' for nothing
 * @property {string} text_hash
 */

/**
 * @typedef {object} HeadsData
 * @property {Heads | null} heads null while they are on their way: what is there stays, dimmed
 * @property {string} model
 * @property {number} even_shares
 * @property {number} nearly_even
 * @property {Hues} hues
 * @property {number} made
 */

/** @typedef {{ weights: AttentionWeights, text: HighlightedText, words: string[], heads: Heads }} Shown */

const MEANINGS = {
  matrix:
    'Each row is a word that asks (a query), each column a word that it looks at (a key), both in order of the text.',
  maps: 'Each row has weights of its own; each column is a word, in order of the text.',
};

class AttentionHeads {
  /**
   * @param {Root} root
   * @param {HeadsData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    this.newest = new Newest();
    this.box = find(root, '.heads');
    this.box.style.setProperty('--hue', data.hues.unsigned);
    /** @type {Shown | null} */
    this.shown = null;
    this.model = '';
    /** @type {Reduction} */
    this.how = { map: null, query: null };
    this.choice = new HeadChoice(find(root, '.choice'), (map) => this.choose({ ...this.how, map }));
    this.map = new HeatMap(find(root, '.map'), {
      choose: (row) => this.chooseRow(row),
      point: (cell, at) => this.point(cell, at),
    });
    this.rows = find(root, 'select', HTMLSelectElement);
    this.stretch = find(root, '.stretch input', HTMLInputElement);
    this.text = new TextView(find(root, '.text'));
    this.tip = new WordTip(this.text.box, find(root, '.tip'));
    this.listen();
  }

  listen() {
    const { rows, text } = this;
    rows.addEventListener('change', () => this.chooseRow(rows.value === '' ? null : Number(rows.value)));
    keepKeys(rows);
    this.stretch.addEventListener('change', () => this.redraw());
    keepKeys(this.stretch);
    for (const name of ['mouseover', 'focusin']) {
      text.box.addEventListener(name, (event) => {
        const word = text.findIndex(event);
        if (word >= 0) this.map.pointColumn(word);
      });
    }
    for (const name of ['mouseout', 'focusout']) text.box.addEventListener(name, () => this.map.pointColumn(null));
    text.box.addEventListener('click', (event) => this.chooseWord(event));
    text.box.addEventListener('keydown', (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.chooseWord(event);
    });
    mountSave(find(this.root, '.picture'), 'the heat map', () => this.drawPicture());
  }

  /** @param {Call<HeadsData>} call */
  update({ data }) {
    if (this.newest.isOlder(data)) return;
    this.data = data;
    const isSame = data.model === this.model;
    this.box.classList.toggle('stale', !data.heads);
    if (data.heads) this.show(data.heads, isSame);
    else if (!isSame) this.shown = null;
    this.model = data.model;
    this.box.classList.toggle('empty', !this.shown);
    put(this.host, { 'data-attnviz-ready': Boolean(data.heads) });
  }

  /**
   * Another text has other words, another network other heads.
   *
   * @param {Heads} heads
   * @param {boolean} isSame whether the network is the one from before
   */
  show(heads, isSame) {
    const weights = new AttentionWeights(heads.attention);
    const text = readText(heads.text);
    const isSameText = isSame && this.shown?.heads.text_hash === heads.text_hash;
    this.how = { map: isSame ? this.how.map : null, query: isSameText ? this.how.query : null };
    this.shown = { weights, text, words: text.tokens.map(({ word }) => word), heads };
    this.box.classList.toggle('matrix', weights.isMatrix);
    this.redraw();
  }

  redraw() {
    if (!this.shown) return;
    this.drawChoices(this.shown);
    this.drawHead(this.shown);
    this.draw();
  }

  /** @param {Shown} shown */
  drawChoices({ weights, words }) {
    const group = find(this.root, '.choice');
    group.hidden = !weights.isMatrix || weights.maps < 2;
    if (!group.hidden) {
      const maps = [null, ...count(weights.maps)];
      const name = (/** @type {number | null} */ map) => weights.describe({ map, query: null }).split(',', 1)[0];
      const heads = maps.map((map) => ({ name: name(map), rows: weights.listRows(map) }));
      this.choice.draw(heads, this.getShades(weights));
    }
    const title = weights.isMatrix ? 'Query' : capitalise(weights.kind);
    find(this.root, '.name').textContent = title;
    const all = weights.isMatrix ? 'received from all words' : weights.describe({ map: null, query: null });
    const rows = weights.isMatrix ? words.map((word, place) => `from word ${place + 1}: ${word}`) : weights.names;
    fillChildren(
      this.rows,
      [all, ...rows],
      () => make('option', ''),
      (option, said, index) => {
        put(option, { value: index ? index - 1 : '' }, said);
      },
    );
  }

  /**
   * The heat map of the chosen head.
   *
   * @param {Shown} shown
   */
  drawHead({ weights, words }) {
    const rows = weights.listRows(this.how.map);
    const rowNames = weights.isMatrix ? words : weights.names;
    const shades = this.getShades(weights);
    this.map.draw({ rows, rowNames, columnNames: words, square: weights.isMatrix, shades });
    find(this.root, '.map .low').textContent = nameLow(shades.low);
    find(this.root, '.map .high').textContent = shades.full.toFixed(4);
    const meaning = explainShades(weights, shades, this.data.even_shares);
    find(this.root, '.map .meaning').textContent = `attention weight, linear; ${meaning}`;
    find(this.root, '.key').textContent = `${MEANINGS[weights.isMatrix ? 'matrix' : 'maps']} A row sums to 1.`;
  }

  /** @param {AttentionWeights} weights */
  getShades(weights) {
    const { hues, even_shares: shares } = this.data;
    return this.stretch.checked ? stretchShades(weights, hues.unsigned) : getShades(weights, shares, hues.unsigned);
  }

  /** @param {Reduction} how */
  choose(how) {
    const isOther = how.map !== this.how.map;
    this.how = how;
    if (!this.shown) return;
    if (isOther && this.shown.weights.isMatrix) this.drawHead(this.shown);
    this.draw();
  }

  /** @param {number | null} row of the heat map: a query of a matrix, else a map */
  chooseRow(row) {
    if (!this.shown) return;
    const { isMatrix } = this.shown.weights;
    this.choose(isMatrix ? { ...this.how, query: row } : { map: row, query: null });
    if (isMatrix && row !== null) this.reveal(this.text.elements[row]);
  }

  /**
   * Scrolls the text, and not the page, to a word.
   *
   * @param {HTMLElement} word
   */
  reveal({ offsetTop, offsetHeight }) {
    const { box } = this.text;
    const isSeen = offsetTop >= box.scrollTop && offsetTop + offsetHeight <= box.scrollTop + box.clientHeight;
    if (!isSeen) box.scrollTop = offsetTop - box.clientHeight / 2;
  }

  /** @param {Event} event */
  chooseWord(event) {
    const word = this.text.findIndex(event);
    if (word < 0 || !this.shown?.weights.isMatrix) return;
    this.chooseRow(word === this.how.query ? null : word);
  }

  /** What is chosen, everywhere. */
  draw() {
    const { shown, how } = this;
    if (!shown) return;
    const { weights, words, heads } = shown;
    const row = weights.isMatrix ? how.query : how.map;
    this.choice.mark(how.map);
    this.rows.value = row === null ? '' : String(row);
    this.map.mark(row, this.rows.selectedOptions[0]?.textContent ?? '');
    const scores = weights.reduce(how);
    this.drawText(shown, scores);
    find(this.root, '.title').textContent = this.nameShown(shown);
    find(this.root, '.said').textContent = describeSpread(scores, words, this.data.nearly_even);
    showNotes(find(this.root, '.notes'), this.listNotes(shown));
    Object.assign(this.host.dataset, {
      model: this.data.model,
      textHash: heads.text_hash,
      head: how.map === null ? 'mean' : weights.names[how.map],
      query: how.query === null ? 'all' : String(how.query),
    });
  }

  /** @param {Shown} shown */
  nameShown({ weights, words }) {
    const { query } = this.how;
    return capitalise(weights.describe(this.how)) + (query === null ? '' : `, “${words[query]}”`);
  }

  /** @param {Shown} shown */
  listNotes(shown) {
    const { weights, words, heads } = shown;
    const peak = findPeak(this.map.picture?.rows ?? []);
    const same = weights.describe(this.how) === heads.above;
    const above = heads.above
      ? `The highlight above shows ${same ? 'the same' : `something else: the ${heads.above}`}.`
      : `The highlight above shows ${heads.method}, no attention weights.`;
    return [describePeak(peak, words, this.nameRow(shown, peak.row)), above, heads.note].filter(Boolean);
  }

  /**
   * @param {Shown} shown
   * @param {number} row
   */
  nameRow({ weights, words }, row) {
    return weights.isMatrix ? `“${words[row]}” (word ${row + 1})` : weights.names[row];
  }

  /**
   * @param {Shown} shown
   * @param {Float64Array} scores
   */
  drawText({ text, words }, scores) {
    const full = getFullWeight(Math.max(...scores), words.length, this.data.even_shares);
    this.text.draw(scoreAnew(text, scores), (token, place) => this.dress(token, place, full));
    find(this.root, '.side .high').textContent = full.toFixed(4);
    this.tip.refresh();
  }

  /**
   * @param {Token} token
   * @param {number} place
   * @param {number} full
   */
  dress(token, place, full) {
    const { word, score, rank, known } = token;
    const said = `${score.toFixed(4)}, rank ${rank} of ${this.shown?.words.length}${nameUnknown(token)}`;
    const asks = place === this.how.query;
    return {
      class: `token${known ? '' : ' unknown'}${asks ? ' followed' : ''}`,
      style: `--strength:${getStrength(score, full).toFixed(4)}`,
      'data-tip': `${word}: ${said}`,
      'aria-label': `${word}, attention weight ${said}${asks ? ', the word that asks' : ''}`,
      ...(this.shown?.weights.isMatrix ? { 'aria-pressed': asks } : {}),
    };
  }

  /**
   * A cell: its words are marked in the text, and the tip says its weight.
   *
   * @param {Cell | null} cell
   * @param {Element} at
   */
  point(cell, at) {
    this.text.elements.forEach((element, place) => {
      element.classList.toggle('marked', place === cell?.column);
      element.classList.toggle('asking', Boolean(this.shown?.weights.isMatrix) && place === cell?.row);
    });
    const tip = find(this.root, '.tip');
    tip.hidden = !cell;
    if (!cell || !this.shown) return;
    const { rows } = /** @type {import('./heat_map.js').Picture} */ (this.map.picture);
    const weight = rows[cell.row][cell.column].toFixed(4);
    const to = `“${this.shown.words[cell.column]}” (word ${cell.column + 1})`;
    tip.textContent = `from ${this.nameRow(this.shown, cell.row)} to ${to}: ${weight}`;
    placeTip(tip, at);
  }

  drawPicture() {
    const { shown, how, map } = this;
    if (!shown || !map.picture) throw new Error('There is nothing to draw yet.');
    const { isMatrix } = shown.weights;
    return drawMap(map.canvas, map.picture, {
      title: `${this.data.model}: ${this.nameShown(shown)}`,
      meaning: isMatrix ? 'rows: words that ask; columns: words that are looked at' : 'columns: words',
      row: isMatrix ? how.query : how.map,
      file: `attnviz-${this.data.model}-heads`,
    });
  }

  /** @param {Error} error */
  fail({ message }) {
    find(this.root, '.said').textContent = `The attention could not be shown (${message}).`;
  }
}

export default defineComponent((root, /** @type {HeadsData} */ data) => new AttentionHeads(root, data));
