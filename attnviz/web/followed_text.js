// The text of How it works: what one types, and beside it what the network reads of it, where a word is chosen that the
// page follows. What stands below is about the text in the box, or says that it is not.

import { AddressBar } from './address_bar.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { around, find, showStatus } from './dom.js';
import { plural, t } from './language.js';
import { newestHand } from './newest_hand.js';
import { formatCount } from './numbers.js';
import { TextBox } from './text_box.js';
import { TextView } from './text_view.js';
import { Unanswered } from './unanswered.js';

/** @import { Call, Root } from './component.js' */
/** @import { HighlightedText } from './highlighted_text.js' */
/** @import { Question } from './unanswered.js' */

/** @typedef {[read: string, written: string, start: number, known: boolean]} ReadWord */

/**
 * @typedef {object} FollowedData
 * @property {string} text put into the box when `revision` changes
 * @property {number} revision
 * @property {string} session whom Python takes the reader for
 * @property {number} debounce milliseconds from the last letter to the question
 * @property {boolean} answered whether the page is about `text`
 * @property {ReadWord[]} words that the network reads
 * @property {number} unread how many words before them it does not read
 * @property {number | null} word the place of the followed one
 * @property {string} message what is waited for, what is missing, or what went wrong
 * @property {boolean} failed
 * @property {string | null} address
 * @property {string} text_hash
 * @property {number} made
 */

const FRESH = t`Every number below is computed from this text.`;
const STALE = t`The numbers below are about the text before. They follow as soon as you pause.`;

class FollowedText {
  /**
   * @param {Root} root
   * @param {FollowedData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    /** @type {number | null} */
    this.revision = null;
    /** @type {(ask: Question & { again?: number }) => void} */
    this.send = () => {};
    /** @type {(asked: { text: string, word: number }) => void} */
    this.follow = () => {};
    this.times = 0; // that one and the same question was asked
    this.newest = new Newest();
    this.address = new AddressBar();
    this.unanswered = new Unanswered(() => this.sendAgain());
    this.box = new TextBox(find(root, 'textarea', HTMLTextAreaElement), {
      edited: () => this.type(),
      paused: () => this.ask(),
    });
    this.view = new TextView(find(root, '.words'));
    this.listen();
  }

  listen() {
    const { box } = this.view;
    box.addEventListener('click', (event) => this.choose(event));
    box.addEventListener('keydown', (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own
      if (event.key !== 'Enter' && event.key !== ' ') return;
      this.choose(event);
      event.preventDefault();
    });
  }

  /** @param {Event} event */
  choose(event) {
    const token = around(event, '.token');
    if (token && this.isFresh) this.follow({ text: this.data.text, word: Number(token.dataset.start) });
  }

  get question() {
    return { text: this.box.text, steps: [], at: 0, revision: this.revision ?? 0 };
  }

  /** Whether Python knows of the text in the box. */
  get isKnown() {
    return this.data.text.replace(/\r\n?/g, '\n') === this.box.text; // a text box knows only \n
  }

  /** Whether the page is about the text in the box. */
  get isFresh() {
    return this.isKnown && this.data.answered;
  }

  type() {
    newestHand.type();
    this.unanswered.note(this.data.session, this.question);
    this.showFreshness();
  }

  ask() {
    this.times = 0;
    this.unanswered.keep(this.data.session, this.question);
    this.send(this.question);
  }

  /** Python notices only what differs. */
  sendAgain() {
    if (this.times >= 10) return;
    this.times += 1;
    this.unanswered.keep(this.data.session, this.question);
    this.send({ ...this.question, again: this.times });
  }

  /** @param {Call<FollowedData>} call */
  update({ data, setStateValue, setTriggerValue }) {
    this.send = (ask) => setStateValue('ask', { ...ask, session: data.session });
    this.follow = (asked) => setTriggerValue('word', asked);
    if (this.newest.isOlder(data)) return;
    const lost = this.revision !== null && data.session !== this.data.session; // Python began anew
    this.data = data;
    this.takeText(data, lost);
    if (this.isKnown) this.unanswered.settle(data.session);
    this.address.show(data.address);
    this.draw(data);
    this.showFreshness();
  }

  /**
   * @param {FollowedData} data
   * @param {boolean} lost whether Python has forgotten what was typed here
   */
  takeText(data, lost) {
    const known = { ...data, steps: [], at: 0 };
    const unsent = this.revision === null ? this.unanswered.find(known, newestHand.isHere) : null;
    const isNew = data.revision !== this.revision;
    this.revision = data.revision;
    if (isNew && !lost) this.box.replace(unsent?.text ?? data.text);
    if (lost || unsent !== null) this.ask();
  }

  /** @param {FollowedData} data */
  draw({ words, unread, word }) {
    this.view.draw(layWords(words, unread), ({ shown, word: written, known }, place) => {
      const kind = `token${known ? '' : ' unknown'}${place === word ? ' followed' : ''}`;
      const said = known ? t`Follow ${written}` : t`${shown}: follow ${written}, which the network does not know`;
      return { class: kind, 'aria-label': said, 'aria-pressed': place === word, title: known ? '' : written };
    });
  }

  showFreshness() {
    const { data, isFresh, isKnown } = this;
    const said = data.message || FRESH;
    showStatus(find(this.root, '.status'), isKnown ? said : STALE, isKnown && data.failed);
    find(this.root, '.follow').classList.toggle('stale', !isFresh);
    Object.assign(this.host.dataset, { fresh: String(isFresh), followedText: data.text_hash, place: data.word ?? '' });
  }

  /** @param {Error} error */
  fail({ message }) {
    showStatus(find(this.root, '.status'), t`The words could not be shown (${message}).`, true);
  }

  stop() {
    this.box.stop();
    this.unanswered.stop();
  }
}

/**
 * The words as they are read, one after the other.
 *
 * @param {readonly ReadWord[]} words
 * @param {number} unread
 * @returns {HighlightedText}
 */
function layWords(words, unread) {
  const tokens = words.map(([shown, word, start, known]) => {
    return {
      shown,
      word,
      start,
      end: start + word.length,
      score: 0,
      rank: 0,
      known,
      state: /** @type {const} */ ('read'),
    };
  });
  const head = unread ? `… ${nameUnread(unread)} ` : '';
  const gaps = ['', ...words.map(() => ' ')];
  const scale = { full: 0, signed: false, name: '', toward: '', against: '' };
  return { head, truncated: unread, tokens, gaps, scale };
}

/** @param {number} count */
function nameUnread(count) {
  const n = formatCount(count);
  return plural(count)`${n} word before these is not read.|${n} words before these are not read.`;
}

export default defineComponent((root, /** @type {FollowedData} */ data) => new FollowedText(root, data));
