// Highlighted texts side by side. A word that is pointed at or focused is marked in every one, with its scores.

import { defineComponent } from './component.js';
import { around, find, make } from './dom.js';
import { MapCell } from './map_cell.js';
import { drawLegend } from './map_legend.js';
import { buildTable } from './map_table.js';
import { placeTip } from './tip.js';

/** @import { Call, Root } from './component.js' */
/** @import { Cell, Empty } from './map_cell.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} MapsData
 * @property {string[]} rows the networks, or the texts
 * @property {string[]} columns the methods
 * @property {(Cell | Empty)[]} cells row by row
 * @property {string[]} texts a hash of each text
 * @property {number[]} outlined groups of words with a dashed frame
 * @property {string} outline what the frame says
 * @property {string} title of the list of words
 * @property {string} help
 * @property {{ word: string, detail: string, group: number }[]} items the words of the list
 * @property {boolean} stale
 * @property {number} even_shares
 * @property {Hues} hues
 */

const LINE = 1.75 * 16;

class Maps {
  /**
   * @param {Root} root
   * @param {MapsData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.maps = find(root, '.maps');
    this.grid = find(root, '.grid');
    this.tip = find(root, '.tip');
    /** @type {MapCell[]} */
    this.cells = [];
    /** @type {HTMLElement[]} */
    this.marked = [];
    /** @type {HTMLElement | null} the text that the hand is on */
    this.leader = null;
    this.shown = '';
    this.listen();
  }

  /** On what holds all words: there may be ten thousand. */
  listen() {
    for (const name of ['mouseover', 'focusin']) this.maps.addEventListener(name, (event) => this.point(event));
    for (const name of ['mouseout', 'focusout']) this.maps.addEventListener(name, () => this.unmark());
    this.maps.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.unmark();
    });
    this.grid.addEventListener('scroll', ({ target }) => this.scrollAll(target), true);
    const lead = (/** @type {Event} */ event) => {
      this.leader = around(event, '.text');
    };
    this.grid.addEventListener('touchstart', lead, { passive: true });
  }

  /** @param {Event} event */
  point(event) {
    const element = around(event, '.token, .listed');
    this.leader = around(event, '.text');
    if (!element) return;
    const group = this.findGroup(event, element);
    this.mark(element, group);
    if (event.type === 'focusin') for (const cell of this.cells) cell.standOn(group);
    if (element.matches('.listed')) for (const cell of this.cells) cell.bringIntoView(group);
  }

  /**
   * Words of one group belong together; the words of the list have theirs written on them.
   *
   * @param {Event} event
   * @param {HTMLElement} element
   */
  findGroup(event, element) {
    const cell = this.cells.find(({ node }) => node.contains(element));
    return cell ? cell.groups[cell.view.findIndex(event)] : Number(element.dataset.group);
  }

  /**
   * @param {HTMLElement} element
   * @param {number} group
   */
  mark(element, group) {
    this.unmark();
    this.marked = this.cells.flatMap((cell) => cell.findElements(group));
    for (const token of this.marked) token.classList.add('marked');
    if (!this.marked.length) return;
    this.tip.replaceChildren(buildTable(this.data, this.cells, group));
    placeTip(this.tip, element);
  }

  unmark() {
    for (const token of this.marked) token.classList.remove('marked');
    this.marked = [];
    this.tip.hidden = true;
  }

  /**
   * The text that is scrolled takes the others along, so that the same passage stays side by side.
   *
   * @param {EventTarget | null} target
   */
  scrollAll(target) {
    if (!this.leader || target !== this.leader) return;
    const { scrollTop, scrollHeight, clientHeight } = this.leader;
    const share = scrollTop / Math.max(1, scrollHeight - clientHeight);
    for (const { box } of this.cells) {
      if (box !== target) box.scrollTop = share * (box.scrollHeight - box.clientHeight);
    }
  }

  /** @param {Call<MapsData>} call */
  update({ data }) {
    const focused = this.findFocused();
    this.unmark();
    this.data = data;
    this.maps.classList.toggle('stale', data.stale);
    this.layOut(data);
    this.drawCells(data);
    drawLegend(find(this.root, '.legend'), data);
    this.drawList(data);
    this.startWhereAllRead(data.texts.join());
    if (focused) this.markFocused(focused);
  }

  findFocused() {
    const root = this.grid.getRootNode();
    const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return active instanceof HTMLElement && active.matches('.token') ? active : null;
  }

  /** @param {HTMLElement} focused */
  markFocused(focused) {
    const cell = this.cells.find(({ node }) => node.contains(focused));
    if (!cell || !focused.matches(':focus-visible')) return;
    this.mark(focused, cell.groups[cell.view.elements.indexOf(focused)]);
  }

  /** @param {MapsData} data */
  layOut({ rows, columns }) {
    const single = columns.length === 1; // then the networks stand side by side
    const beside = single ? Math.min(rows.length, 3) : columns.length;
    this.maps.classList.toggle('narrow', beside <= 2);
    this.grid.style.setProperty('--columns', String(beside));
    this.grid.style.setProperty('--few', beside % 2 && !single ? '1' : '2');
  }

  /** @param {MapsData} data */
  drawCells({ cells, hues, outlined }) {
    for (const cell of this.cells.splice(cells.length)) cell.node.remove();
    cells.forEach((data, index) => {
      this.cells[index] ??= new MapCell(this.grid);
      this.cells[index].draw(data, hues);
    });
    for (const group of outlined) {
      for (const element of this.cells.flatMap((cell) => cell.findElements(group))) element.classList.add('outlined');
    }
  }

  /**
   * A new text stands at the first word that every network read; what some did not read is scrolled up.
   *
   * @param {string} shown which texts there are
   */
  startWhereAllRead(shown) {
    if (shown === this.shown) return;
    this.shown = shown;
    this.leader = null;
    for (const cell of this.cells) {
      const others = this.cells.filter(({ of }) => of === cell.of);
      const first = Math.max(...others.map(({ view }) => view.tokens[0]?.start ?? 0));
      const place = cell.view.tokens.findIndex(({ start }) => start === first);
      const some = others.some(({ truncated }) => truncated);
      cell.box.scrollTop = some && place >= 0 ? cell.view.elements[place].offsetTop - LINE : 0;
    }
  }

  /** @param {MapsData} data */
  drawList({ items, title, help }) {
    find(this.root, '.found').hidden = !items.length;
    find(this.root, '.found-title').textContent = title;
    find(this.root, '.help').textContent = help;
    const rows = items.map(({ word, detail, group }) => {
      const button = make('button', 'listed', word);
      button.type = 'button';
      button.dataset.group = String(group);
      return make('li', '', button, make('span', '', detail));
    });
    find(this.root, '.list').replaceChildren(...rows);
  }

  fail() {} // what is there stays
}

export default defineComponent((root, /** @type {MapsData} */ data) => new Maps(root, data));
