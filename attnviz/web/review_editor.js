// The review editor: a text box, the highlighted text under it, and the answer beside it.

import { AddressBar } from './address_bar.js';
import { drawAnswer } from './answer.js';
import { drawBars } from './bars.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { find, put, showNotes, showStatus } from './dom.js';
import { describeToken, findStrongest, joinText, readText, sumUp } from './highlighted_text.js';
import { mountSave } from './picture.js';
import { drawReview } from './review_picture.js';
import { getHue, getRamp, getStrength, nameLowEnd } from './scales.js';
import { TextBox } from './text_box.js';
import { TextView } from './text_view.js';
import { WordTip } from './tip.js';
import { WhatIf } from './what_if.js';
import { countWords } from './words.js';

/** @import { Answer } from './answer.js' */
/** @import { Call, Root } from './component.js' */
/** @import { HighlightedText, PlainText, Sum, Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */
/** @import { Step } from './steps.js' */
/** @import { Trail } from './trail.js' */

const BARS = 10;

/**
 * @typedef {object} Explained
 * @property {PlainText} text
 * @property {string | null} typed the text as typed, if words of it were changed
 * @property {Answer} answer
 * @property {number | null} probability of the explained label
 * @property {string} method_title
 * @property {string} method_help
 * @property {string[]} notes
 * @property {string} text_hash
 * @property {string} model
 * @property {string} method
 */

/**
 * @typedef {object} EditorData
 * @property {string} text put into the box when `revision` changes
 * @property {number} revision
 * @property {string} session whom Python takes the reader for
 * @property {number} debounce milliseconds from the last letter to the question
 * @property {number} idle milliseconds until the rest of the page follows
 * @property {boolean} followed whether the rest of the page is about this text
 * @property {string | null} address
 * @property {string} placeholder
 * @property {'ready' | 'loading' | 'error'} state
 * @property {string} message
 * @property {Explained | null} explanation
 * @property {Step[]} steps
 * @property {number} at how many of the steps count
 * @property {Trail | null} trail
 * @property {{ steps: number, replacement: number }} limits
 * @property {Hues} hues
 * @property {number} made
 */

const plain = (/** @type {string} */ text) => text.replace(/\r\n?/g, '\n'); // a text box knows only \n

class ReviewEditor {
  /**
   * @param {Root} root
   * @param {EditorData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    /** @type {(ask: { text: string, steps: Step[], at: number }) => void} */
    this.send = () => {};
    this.tellIdle = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.idling = undefined;
    /** @type {number | null} */
    this.revision = null;
    /** @type {string | null} */
    this.session = null;
    /** @type {string | null} the last text that Python knows of */
    this.sent = null;
    /** @type {string | null} the typed text whose words are on the screen */
    this.shown = null;
    this.answered = ''; // the key of the steps that it is about
    /** @type {Explained | null} */
    this.explained = null;
    /** @type {HighlightedText | null} */
    this.highlighted = null;
    this.newest = new Newest();
    this.address = new AddressBar();
    this.box = new TextBox(find(root, 'textarea', HTMLTextAreaElement), {
      edited: () => {
        this.showFreshness();
        clearTimeout(this.idling);
      },
      paused: () => this.ask(),
    });
    this.text = new TextView(find(root, '.reading'));
    this.tip = new WordTip(this.text.box, find(root, '.tip'));
    this.whatIf = new WhatIf(root, this.text, {
      isCurrent: () => this.shown === this.box.text,
      changed: () => this.changeWords(),
    });
    this.absolute = find(root, '.absolute', HTMLInputElement);
    this.absolute.addEventListener('change', () => this.redraw());
    mountSave(find(root, '.picture'), 'the highlighted review', () => this.drawPicture());
  }

  /** Ask about what is in the box, unless that is asked already. */
  ask() {
    if (this.box.text === this.sent) {
      this.armIdle();
      return;
    }
    this.sent = this.box.text;
    this.whatIf.start([], 0); // the words have other places now
    this.sendAll();
  }

  sendAll() {
    const { all, at } = this.whatIf.steps;
    this.send({ text: this.box.text, steps: all, at });
  }

  changeWords() {
    this.redraw(); // at once, before the answer: a second click on the same word must bring it back
    this.showFreshness();
    clearTimeout(this.idling);
    this.sendAll();
  }

  /** @param {Call<EditorData>} call */
  update({ data, setStateValue, setTriggerValue }) {
    this.send = (ask) => setStateValue('ask', { ...ask, session: data.session }); // a new session must notice it, too
    this.tellIdle = () => setTriggerValue('idle', true);
    if (this.newest.isOlder(data)) return;
    this.data = data;
    this.box.delay = data.debounce;
    this.box.box.placeholder = data.placeholder;
    this.whatIf.limit(data.limits);
    const chosen = this.takeText(data);
    showStatus(find(this.root, '.status'), data.message, data.state === 'error');
    if (data.explanation) this.showExplanation(data.explanation);
    this.whatIf.draw(data.trail);
    this.address.show(data.address);
    this.showFreshness();
    this.host.dataset.followed = String(data.followed);
    this.armIdle();
    if (chosen) this.box.box.scrollIntoView({ block: 'nearest' }); // it may have been chosen far below the box
  }

  /**
   * Put a text into the box that comes from elsewhere; returns whether the reader chose it.
   *
   * @param {EditorData} data
   */
  takeText(data) {
    const lost = this.session !== null && data.session !== this.session; // Python began anew; what was typed is here
    const isNew = data.revision !== this.revision;
    const chosen = isNew && !lost && this.revision !== null;
    this.session = data.session;
    this.revision = data.revision;
    if (lost) {
      if (this.box.text === this.sent) this.sendAll();
      else this.box.flush();
    } else if (isNew) {
      this.box.replace(data.text);
      this.sent = this.box.text;
      this.whatIf.start(data.steps, data.at);
    }
    return chosen;
  }

  /** @param {Explained} explained */
  showExplanation(explained) {
    const { root, host, data } = this;
    const text = readText(explained.text);
    this.explained = explained;
    this.highlighted = text;
    this.shown = plain(explained.typed ?? joinText(text));
    this.answered = JSON.stringify([data.steps, data.at]);
    this.redraw();
    showNotes(find(root, '.notes'), explained.notes);
    drawAnswer(root, explained.answer, data.hues);
    find(root, '.bars-title').textContent = explained.method_title;
    find(root, '.bars-help').textContent = explained.method_help;
    drawBars(find(root, '.bars'), findStrongest(text.tokens, BARS), text.scale.signed, data.hues);
    host.dataset.textHash = explained.text_hash;
    host.dataset.model = explained.model;
    host.dataset.method = explained.method;
    host.dataset.probability = String(explained.probability ?? '');
  }

  /** Full colour of the absolute scale is a weight of 1, or a change of the probability from 0 to 1. */
  get full() {
    return this.absolute.checked ? 1 : this.highlighted?.scale.full || 1;
  }

  redraw() {
    const text = this.highlighted;
    if (!text) return;
    const { full } = this;
    const { reads } = this.whatIf;
    const all = sumUp(text.tokens);
    this.text.draw(text, (token) => this.dress(token, text, all, full, reads));
    dressUnread(this.text.head, 'the first', text.truncated);
    dressUnread(this.text.tail, 'the last', text.truncated_end ?? 0);
    this.showScale(text);
    this.tip.refresh();
  }

  /**
   * @param {Token} token
   * @param {HighlightedText} text
   * @param {Sum} all
   * @param {number} full
   * @param {Map<number, string | null> | null} reads what the last clicks say; the answer may be older than they are
   */
  dress(token, { scale }, all, full, reads) {
    const { word, start, score, known, state } = token;
    const said = describeToken(token, scale.signed, all);
    const changed = reads ? (reads.get(start) ?? null) !== null : state !== 'read';
    const hue = getHue(score, scale.signed, this.data.hues);
    return {
      class: ['token', ...(known ? [] : ['unknown']), ...nameChange(token, changed, reads)].join(' '),
      style: `--hue:${hue};--strength:${getStrength(score, full).toFixed(4)}`,
      'data-tip': `${word}: ${said}`,
      'aria-pressed': changed,
      'aria-label': state === 'left out' ? `${word}, left out` : `${word}, ${scale.name} ${said}`,
    };
  }

  /** @param {HighlightedText} text */
  showScale({ tokens, scale }) {
    const { root, full } = this;
    find(root, '.scale').hidden = !tokens.length;
    find(root, '.ramp').style.background = getRamp(scale.signed, this.data.hues);
    find(root, '.low').textContent = nameLowEnd(full, scale.signed);
    find(root, '.high').textContent = full.toFixed(4);
    find(root, '.meaning').textContent = this.describeScale(scale.name);
  }

  /** @param {string} name */
  describeScale(name) {
    return `${name}, linear, ${this.absolute.checked ? 'absolute' : 'relative to this review'}`;
  }

  showFreshness() {
    const { data, box, whatIf } = this;
    const ready = data.state === 'ready';
    const fresh = ready && this.shown === box.text && this.answered === whatIf.steps.key;
    find(this.root, '.editor').classList.toggle('stale', !fresh);
    this.host.dataset.attnvizReady = String(fresh);
  }

  /** The rest of the page follows a text that is answered, once nobody has typed or changed a word for a while. */
  armIdle() {
    clearTimeout(this.idling);
    const { followed, attnvizReady } = this.host.dataset;
    if (followed !== 'true' && attnvizReady === 'true') this.idling = setTimeout(() => this.tellIdle(), this.data.idle);
  }

  drawPicture() {
    const { explained } = this;
    if (!explained) throw new Error('There is nothing to draw yet.');
    const { text, answer, model, method, method_title } = explained;
    return drawReview(this.text, {
      title: answer.said,
      subtitle: `${model}, ${method_title.toLowerCase()}`,
      scale: text.scale,
      full: this.full,
      meaning: this.describeScale(text.scale.name),
      hues: this.data.hues,
      truncated: text.truncated + (text.truncated_end ?? 0),
      file: `attnviz-${model}-${method}`,
    });
  }

  /** @param {Error} error */
  fail({ message }) {
    showStatus(find(this.root, '.status'), `The answer could not be shown (${message}).`, true);
  }

  stop() {
    this.box.stop();
    clearTimeout(this.idling);
  }
}

/**
 * What was not read has a box of its own that can be scrolled.
 *
 * @param {HTMLElement} box
 * @param {string} which
 * @param {number} count of words
 */
function dressUnread(box, which, count) {
  put(box, {
    tabindex: 0,
    role: 'region',
    'aria-label': `Not read by the network: ${which} words`,
    'data-said': `Not read: ${which} ${countWords(count)}`,
  });
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

export default defineComponent((root, /** @type {EditorData} */ data) => new ReviewEditor(root, data));
