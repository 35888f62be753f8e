// You against the network: words are marked by click or key, and only then the network's scores come.

import { defineComponent, Newest } from './component.js';
import { fillChildren, find, keepKeys, make, put } from './dom.js';
import { readText } from './highlighted_text.js';
import { t } from './language.js';
import { formatCount, formatScore } from './numbers.js';
import { getHue, getStrength } from './scales.js';
import { TextView } from './text_view.js';

/** @import { Call, Root } from './component.js' */
/** @import { PlainText, Token } from './highlighted_text.js' */
/** @import { Hues, Scale } from './scales.js' */

/** @typedef {{ title: string, text: PlainText }} ScoredText */

/**
 * @typedef {object} MarkingData
 * @property {PlainText} text
 * @property {string} of which text and network it is
 * @property {number[] | null} marked the places of the marked words, once they were given
 * @property {ScoredText[]} maps empty before
 * @property {Hues} hues
 * @property {number} made
 */

class Marking {
  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.newest = new Newest();
    this.view = new TextView(find(root, '.text'));
    /** @type {Set<number>} */
    this.mine = new Set();
    this.of = '';
    this.given = false;
    /** @type {(ask: unknown) => void} */
    this.send = () => {};
    this.listen(root);
  }

  /** @param {Root} root */
  listen(root) {
    const box = find(root, '.text');
    box.addEventListener('click', (event) => this.toggle(this.view.findIndex(event)));
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.toggle(this.view.findIndex(event));
    });
    find(root, '.reveal').addEventListener('click', () => this.send({ marked: sortMarks(this.mine), of: this.of }));
    find(root, '.clear').addEventListener('click', () => {
      this.mine.clear();
      this.draw();
    });
    keepKeys(find(root, '.marking'));
  }

  /** @param {number} place */
  toggle(place) {
    if (place < 0 || this.given) return;
    if (!this.mine.delete(place)) this.mine.add(place);
    this.draw();
  }

  /** @param {Call<MarkingData>} call */
  update({ data, setStateValue }) {
    this.send = (ask) => setStateValue('ask', ask);
    if (this.newest.isOlder(data)) return;
    if (data.of !== this.of) this.mine.clear();
    this.of = data.of;
    this.given = data.marked !== null;
    if (data.marked) this.mine = new Set(data.marked);
    this.text = readText(data.text);
    this.draw();
    fillChildren(find(this.root, '.maps'), data.maps, buildMap, (map, one) => this.drawMap(map, one, data.hues));
  }

  draw() {
    if (!this.text) return;
    const all = this.text.tokens.length;
    find(this.root, '.text').hidden = this.given;
    find(this.root, '.buttons').hidden = this.given;
    find(this.root, '.reveal', HTMLButtonElement).disabled = !isEnough(this.mine.size, all);
    find(this.root, '.clear', HTMLButtonElement).disabled = !this.mine.size;
    find(this.root, '.count').textContent = countMarks(this.mine.size, all, this.given);
    this.view.draw(this.text, ({ word }, place) => {
      const mine = this.mine.has(place);
      return { class: nameClass(mine), 'aria-pressed': mine, 'aria-label': word };
    });
  }

  /**
   * @param {HTMLElement} map
   * @param {ScoredText} one
   * @param {Hues} hues
   */
  drawMap(map, { title, text: plain }, hues) {
    const text = readText(plain);
    put(map, { role: 'region', 'aria-label': title });
    find(map, 'h4').textContent = title;
    const box = find(map, '.text');
    box.replaceChildren();
    new TextView(box, false).draw(text, (token, place) => dress(token, this.mine.has(place), text.scale, hues));
  }

  /** @param {Error} error */
  fail({ message }) {
    find(this.root, '.count').textContent = t`This could not be shown (${message}).`;
  }
}

const buildMap = () => make('section', '', make('h4', ''), put(make('div', 'text'), { dir: 'auto' }));

/** @param {boolean} mine */
const nameClass = (mine) => (mine ? 'token mine' : 'token');

/**
 * @param {Token} token
 * @param {boolean} mine
 * @param {Scale} scale
 * @param {Hues} hues
 */
function dress({ score, rank }, mine, scale, hues) {
  return {
    class: nameClass(mine),
    style: `--hue:${getHue(score, scale.signed, hues)};--strength:${getStrength(score, scale.full).toFixed(4)}`,
    title: t`${formatScore(score, scale.signed)}, rank ${rank}` + (mine ? t`, marked by you` : ''),
  };
}

/** @param {Set<number>} marks */
export const sortMarks = (marks) => [...marks].sort((one, other) => one - other);

/**
 * Whether there is something to find: a marked word, and one that is not.
 *
 * @param {number} marked
 * @param {number} all
 */
export const isEnough = (marked, all) => marked > 0 && marked < all;

/**
 * @param {number} marked
 * @param {number} all
 * @param {boolean} given
 */
export function countMarks(marked, all, given) {
  const [mine, words] = [marked, all].map(formatCount);
  if (given) return t`You marked ${mine} of ${words} words; they are underlined and bold in every map.`;
  if (marked && marked === all) return t`${mine} of ${words} words marked: leave at least one unmarked.`;
  return t`${mine} of ${words} words marked. Click a word, or walk with the arrow keys and press Enter.`;
}

export default defineComponent((root) => new Marking(root));
