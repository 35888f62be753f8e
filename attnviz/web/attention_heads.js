// All attention maps of a text: pictures of every head, a heat map of one, and the text as the chosen map and query see
// it. A sketch of all maps comes once; the weights of a map are asked for when somebody looks at it.

import { AttentionSketch } from './attention_sketch.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { fillChildren, find, keepKeys, make, put } from './dom.js';
import { HeadChoice } from './head_choice.js';
import { drawMap } from './heads_picture.js';
import { describeMeasures, describePeak, describeSpread, findPeak, nameWords } from './heads_sentence.js';
import { HeadsText } from './heads_text.js';
import { nameLow } from './heat_canvas.js';
import { HeatMap } from './heat_map.js';
import { explainShades, findRange, getFullWeight, getShades, stretchShades } from './heat_shades.js';
import { readText } from './highlighted_text.js';
import { t } from './language.js';
import { MapBlock, sizeOf } from './map_block.js';
import { MapStore } from './map_store.js';
import { showNotes } from './notes.js';
import { formatNumber } from './numbers.js';
import { mountSave } from './picture.js';
import { drawBars } from './received_bars.js';
import { countMaps, MEAN } from './reduction.js';
import { placeTip } from './tip.js';
import { describeLines } from './token_lines.js';
import { capitalise } from './words.js';

/** @import { PlainSketch } from './attention_sketch.js' */
/** @import { Call, Root } from './component.js' */
/** @import { Shades } from './heat_canvas.js' */
/** @import { Cell } from './heat_zoom.js' */
/** @import { HighlightedText, PlainText } from './highlighted_text.js' */
/** @import { PlainRows } from './map_store.js' */
/** @import { Reduction } from './reduction.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} Heads
 * @property {number} number of the sketch
 * @property {{ text: PlainText, maps: PlainSketch } | null} sketch null if it was sent before
 * @property {PlainRows[]} rows what was asked, as far as it is there
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

/**
 * @typedef {object} Shown
 * @property {AttentionSketch} sketch
 * @property {HighlightedText} text
 * @property {string[]} words
 * @property {MapStore} store
 * @property {Heads} heads
 */

const MEANINGS = {
  matrix: [
    t`Each row is a word that asks (a query), each column a word that it looks at (a key), both in order of the text.`,
    t`A row sums to 1. The bars are the attention that each column’s word receives, the mean of its column.`,
  ].join(' '),
  maps: t`Each row has weights of its own that sum to 1; each column is a word, in order of the text.`,
};
const FEW = 8; // maps whose pictures are large
const REST_MS = 60; // a hand that walks from map to map asks for the one where it rests

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
    this.how = MEAN;
    this.asked = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(asked: object) => void} belongs to one run of the page, so it is set anew at each */
    this.send = () => {};
    this.choice = new HeadChoice(find(root, '.choice'), (how) => this.choose({ ...how, query: this.how.query }));
    this.map = new HeatMap(find(root, '.map'), {
      choose: (row) => this.chooseRow(row),
      point: (cell, at) => this.point(cell, at),
      tell: (cell) => this.tell(cell),
      look: () => this.look(),
    });
    this.rows = find(root, 'select', HTMLSelectElement);
    this.stretch = find(root, '.stretch input', HTMLInputElement);
    this.text = new HeadsText(root);
    this.listen();
  }

  listen() {
    const { rows, text } = this;
    rows.addEventListener('change', () => this.chooseRow(rows.value === '' ? null : Number(rows.value)));
    keepKeys(rows);
    this.stretch.addEventListener('change', () => this.redraw());
    keepKeys(this.stretch);
    const { box } = text.view;
    for (const name of ['mouseover', 'focusin']) {
      box.addEventListener(name, (event) => {
        const word = text.findIndex(event);
        if (word >= 0) this.map.pointColumn(word);
      });
    }
    for (const name of ['mouseout', 'focusout']) box.addEventListener(name, () => this.map.pointColumn(null));
    box.addEventListener('click', (event) => this.chooseWord(event));
    box.addEventListener('keydown', (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.chooseWord(event);
    });
    new ResizeObserver(() => this.drawBars()).observe(find(this.root, '.bars'));
    mountSave(find(this.root, '.picture'), t`the heat map`, () => this.drawPicture());
  }

  /** @param {Call<HeadsData>} call */
  update({ data, setStateValue }) {
    this.send = (asked) => setStateValue('asked', asked);
    if (this.newest.isOlder(data)) return;
    this.data = data;
    const isSame = data.model === this.model;
    if (data.heads) this.receive(data.heads, isSame);
    else if (!isSame) this.shown = null;
    this.model = data.model;
    const isNew = Boolean(data.heads) && this.shown?.heads.number === data.heads?.number;
    this.box.classList.toggle('stale', !isNew);
    this.box.classList.toggle('empty', !this.shown);
    if (isNew) this.redraw();
    put(this.host, { 'data-attnviz-ready': isNew });
  }

  /**
   * Another text has other words, another network other maps.
   *
   * @param {Heads} heads
   * @param {boolean} isSame whether the network is the one from before
   */
  receive(heads, isSame) {
    if (this.shown?.heads.number === heads.number) this.shown.heads = heads;
    else if (heads.sketch) this.begin(heads, heads.sketch, isSame);
    else this.send({ sketch: 0, model: this.data.model, how: MEAN, rows: null, tokens: null }); // it was lost
    if (this.shown?.heads.number === heads.number) this.shown.store.add(heads.rows);
  }

  /**
   * @param {Heads} heads
   * @param {{ text: PlainText, maps: PlainSketch }} sent
   * @param {boolean} isSame
   */
  begin(heads, { text, maps }, isSame) {
    const read = readText(text);
    const sketch = new AttentionSketch(maps);
    const isSameText = isSame && this.shown?.heads.text_hash === heads.text_hash;
    const keeps = isSame && (!this.how.rollout || sketch.rollout) && (this.how.map ?? 0) < sketch.names.length;
    this.how = keeps ? { ...this.how, query: isSameText ? this.how.query : null } : MEAN;
    this.shown = { sketch, text: read, words: read.tokens.map(({ word }) => word), store: new MapStore(), heads };
    this.asked = '';
    this.box.classList.toggle('matrix', sketch.isMatrix);
    this.drawChoices(this.shown);
  }

  redraw() {
    if (!this.shown) return;
    this.drawHead(this.shown);
    this.draw();
  }

  /** @param {Shown} shown */
  drawChoices({ sketch, words }) {
    const group = find(this.root, '.choice');
    const isMany = sketch.names.length > FEW;
    group.hidden = !sketch.isMatrix || sketch.names.length < 2;
    group.classList.toggle('many', isMany);
    this.box.classList.toggle('layered', isMany && !group.hidden);
    if (!group.hidden) this.choice.draw(this.listHeads(sketch, isMany));
    find(this.root, '.name').textContent = sketch.isMatrix ? t`Query` : capitalise(sketch.kind);
    const all = sketch.isMatrix ? t`received from all words` : sketch.name(MEAN);
    const rows = sketch.isMatrix ? words.map((word, place) => t`from word ${place + 1}: ${word}`) : sketch.shownNames;
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
   * @param {AttentionSketch} sketch
   * @param {boolean} isMany
   */
  listHeads(sketch, isMany) {
    const { hues, even_shares: shares } = this.data;
    return sketch.listGroups().map(({ name, choices }) => ({
      name,
      heads: choices.map((how) => {
        const rows = sketch.picture(how);
        const brightest = how.rollout ? findRange(rows).full : sketch.brightest;
        const shades = getShades(brightest, sketch.words, shares, hues.unsigned);
        return { how, name: sketch.name(how), short: sketch.nameShort(how, isMany), rows, shades };
      }),
    }));
  }

  /** @param {Shown} shown */
  findBlock({ sketch, store }) {
    if (sketch.isMatrix) return store.find(this.how) ?? sketch.standIn(this.how);
    return new MapBlock([0, sketch.names.length], [0, sketch.words], sketch.received);
  }

  /**
   * The heat map of what is chosen.
   *
   * @param {Shown} shown
   */
  drawHead(shown) {
    const { sketch, words } = shown;
    const block = this.findBlock(shown);
    const rowNames = sketch.isMatrix ? words : sketch.shownNames;
    const shades = this.getShades(sketch, block);
    this.map.draw({ block, rowNames, columnNames: words, square: sketch.isMatrix, shades });
    find(this.root, '.map .low').textContent = nameLow(shades.low);
    find(this.root, '.map .high').textContent = formatNumber(shades.full, 4);
    const meaning = this.explainColours(sketch, block, shades);
    find(this.root, '.map .meaning').textContent = t`attention weight, linear; ${meaning}`;
    find(this.root, '.key').textContent = MEANINGS[sketch.isMatrix ? 'matrix' : 'maps'];
    find(this.root, '.small').textContent = sketch.explainPictures();
    this.drawBars();
  }

  /**
   * @param {AttentionSketch} sketch
   * @param {MapBlock} block
   * @param {Shades} shades
   */
  explainColours(sketch, block, shades) {
    if (!block.isExact) return t`each pixel is the mean of a block of weights; look nearer to see each`;
    const all = this.how.rollout ? t`the rollout` : t`all ${countMaps(sketch)}`;
    const maps = sketch.names.length > 1 ? all : t`this text`;
    return explainShades(shades, sketch.rangeOf(this.how), maps, this.data.even_shares);
  }

  /**
   * @param {AttentionSketch} sketch
   * @param {MapBlock} block
   */
  getShades(sketch, block) {
    const { hues, even_shares: shares } = this.data;
    if (this.stretch.checked) return stretchShades(block.weights, hues.unsigned);
    const largest = block.isExact ? sketch.rangeOf(this.how).high : findRange(block.weights).full;
    return getShades(largest, sketch.words, shares, hues.unsigned);
  }

  drawBars() {
    const { shown } = this;
    if (!shown?.sketch.isMatrix) return;
    const received = shown.sketch.receive(this.how);
    const full = getFullWeight(Math.max(...received), received.length, this.data.even_shares);
    const span = this.map.zoom.frame.columns;
    drawBars(find(this.root, '.bars canvas', HTMLCanvasElement), {
      received,
      span,
      full,
      hue: this.data.hues.unsigned,
    });
    const most = formatNumber(full, 4);
    find(this.root, '.bars').title = t`Attention received, up to ${most}`;
    find(this.root, '.received').textContent = t`bars: attention received, linear, 0 to ${most}`;
  }

  /** @param {Reduction} how */
  choose(how) {
    const isOther = how.map !== this.how.map || how.layer !== this.how.layer || how.rollout !== this.how.rollout;
    this.how = how;
    if (!this.shown) return;
    if (isOther && this.shown.sketch.isMatrix) this.drawHead(this.shown);
    this.draw();
  }

  /** @param {number | null} row of the heat map: a query of a matrix, else a map */
  chooseRow(row) {
    if (!this.shown) return;
    const { isMatrix } = this.shown.sketch;
    this.choose(isMatrix ? { ...this.how, query: row } : { ...MEAN, map: row });
    if (isMatrix && row !== null) this.text.reveal(row);
  }

  /** @param {Event} event */
  chooseWord(event) {
    const word = this.text.findIndex(event);
    if (word < 0 || !this.shown?.sketch.isMatrix) return;
    this.chooseRow(word === this.how.query ? null : word);
  }

  /** Another part of the map is seen. */
  look() {
    this.drawBars();
    this.ask();
  }

  /** What is chosen, everywhere. */
  draw() {
    const { shown, how } = this;
    if (!shown) return;
    const { sketch, store, words, heads } = shown;
    const row = sketch.isMatrix ? how.query : how.map;
    this.choice.mark(how);
    this.rows.value = row === null ? '' : String(row);
    this.map.mark(row, this.rows.selectedOptions[0]?.textContent ?? '');
    const scores = how.query === null ? sketch.receive(how) : store.findRow(how, sketch.words);
    this.ask();
    this.box.classList.toggle('waiting', !scores);
    if (!scores) return; // the row is on its way, and comes with another call of `update`
    const { text } = shown;
    const { even_shares: evenShares } = this.data;
    this.text.draw({ text, scores, query: how.query, isMatrix: sketch.isMatrix, evenShares });
    find(this.root, '.title').textContent = this.nameShown(shown);
    find(this.root, '.said').textContent = describeSpread(scores, words, this.data.nearly_even);
    showNotes(find(this.root, '.notes'), this.listNotes(shown));
    Object.assign(this.host.dataset, {
      model: this.data.model,
      textHash: heads.text_hash,
      head: this.nameHead(sketch),
      query: how.query === null ? 'all' : String(how.query),
      exact: String(this.findBlock(shown).isExact),
    });
  }

  /** @param {AttentionSketch} sketch */
  nameHead(sketch) {
    return this.how.map === null && this.how.layer === null && !this.how.rollout ? 'mean' : sketch.name(this.how);
  }

  /** What is looked at and not here is asked for, once the hand rests. */
  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { shown, how, map } = this;
      if (!shown?.sketch.isMatrix || !this.data.heads) return;
      const missing = shown.store.listMissing(how, map.zoom.frame, shown.sketch.words);
      const wanted = JSON.stringify(missing);
      if (!missing || wanted === this.asked) return;
      this.asked = wanted;
      this.send({ sketch: shown.heads.number, model: this.data.model, ...missing });
    }, REST_MS);
  }

  /** @param {Shown} shown */
  nameShown({ sketch, words }) {
    const { query } = this.how;
    return capitalise(sketch.describe(this.how)) + (query === null ? '' : `, “${words[query]}”`);
  }

  /** @param {Shown} shown */
  listNotes(shown) {
    const { sketch, words, heads } = shown;
    const block = this.findBlock(shown);
    const peak = findPeak(block.weights);
    const above = heads.above && sketch.describe(MEAN); // the highlight never shows another one

    const isWhole = block.isExact && sizeOf(block.columns) === sketch.words;
    return [
      this.text.lines ? describeLines(this.text.lines, this.text.widest) : '',
      isWhole ? describePeak(peak, words, this.nameRow(shown, peak.row)) : '',
      describeMeasures(sketch.measure(this.how, 'entropy'), sketch.measure(this.how, 'outside')),
      describeAbove(above, sketch.describe(this.how), heads.method),
      heads.note,
    ].filter(Boolean);
  }

  /**
   * @param {Shown} shown
   * @param {number} row
   */
  nameRow({ sketch, words }, row) {
    return sketch.isMatrix ? nameWords(words, row) : sketch.shownNames[row];
  }

  /**
   * A cell: its words are marked in the text, and the tip says its weight.
   *
   * @param {Cell | null} cell
   * @param {Element} at
   */
  point(cell, at) {
    const { shown } = this;
    this.text.mark(shown?.sketch.isMatrix ? cell?.row : undefined, cell?.column);
    const tip = find(this.root, '.tip');
    tip.hidden = !cell;
    if (!cell) return;
    tip.textContent = this.tell(cell);
    placeTip(tip, at);
  }

  /** @param {Cell} cell */
  tell({ row, column }) {
    const { shown } = this;
    if (!shown) return '';
    const block = this.findBlock(shown);
    const [from, to] = [this.nameRow(shown, row), nameWords(shown.words, column)];
    const weight = formatNumber(block.at(row, column), 4);
    return block.isExact
      ? t`from ${from} to ${to}: ${weight}`
      : t`from ${from} to ${to}: ${weight}, the mean of the block around it`;
  }

  drawPicture() {
    const { shown, how, map } = this;
    if (!shown || !map.picture) throw new Error(t`There is nothing to draw yet.`);
    const { isMatrix } = shown.sketch;
    const { rows, columns } = map.zoom.frame;
    const row = isMatrix ? how.query : how.map;
    return drawMap(map.canvas, map.picture, {
      title: `${this.data.model}: ${this.nameShown(shown)}`,
      meaning: isMatrix ? t`rows: words that ask; columns: words that are looked at` : t`columns: words`,
      rowNames: map.picture.rowNames.slice(...rows),
      columnNames: map.picture.columnNames.slice(...columns),
      row: row === null || row < rows[0] || row >= rows[1] ? null : row - rows[0],
      file: `attnviz-${this.data.model}-heads`,
    });
  }

  stop() {
    clearTimeout(this.timer);
  }

  /** @param {Error} error */
  fail({ message }) {
    find(this.root, '.said').textContent = t`The attention could not be shown (${message}).`;
  }
}

/**
 * What the highlight above shows beside this.
 *
 * @param {string} above how it reduces the weights; '' if it shows something else
 * @param {string} own how this does
 * @param {string} method what it shows
 */
function describeAbove(above, own, method) {
  if (!above) return t`The highlight above shows ${method}, no attention weights.`;
  if (above === own) return t`The highlight above shows the same.`;
  return t`The highlight above shows something else: the ${above}.`;
}

export default defineComponent((root, /** @type {HeadsData} */ data) => new AttentionHeads(root, data));
