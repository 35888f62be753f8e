// A text box that carries the highlight: the text that one types in, what a network says of it, and what would be if a
// word were another one. Nothing here knows of a server; a shell around it does, or the network runs in the browser.

import { drawAnswer } from './answer.js';
import { WordBars } from './bars.js';
import { hostOf } from './component.js';
import { around, find, put, showStatus } from './dom.js';
import { describeSteps, editText } from './edited_text.js';
import { ATTENTION, explainReading } from './explain_reading.js';
import { dressToken, pointAtWord } from './highlight_style.js';
import { findStrongest, joinText, readText, sumUp } from './highlighted_text.js';
import { carryOver, layOut } from './laid_text.js';
import { t } from './language.js';
import { belongsTo, coverReading } from './late_scores.js';
import { describeScale, Legend } from './legend.js';
import { LiveCurve } from './live_curve.js';
import { showNotes } from './notes.js';
import { formatProbability } from './numbers.js';
import { mountSave } from './picture.js';
import { chooseLayers, readLayers } from './shown_layers.js';
import { TextBox } from './text_box.js';
import { TextView } from './text_view.js';
import { WordTip } from './tip.js';
import { WhatIf } from './what_if.js';
import { findWord } from './word_pointer.js';
import { WordPopover } from './word_popover.js';
import { countWords } from './words.js';

/** @import { Root } from './component.js' */
/** @import { HighlightedText } from './highlighted_text.js' */
/** @import { Asked, Late, Read } from './late_scores.js' */
/** @import { Network } from './network.js' */
/** @import { drawReview } from './review_picture.js' */
/** @import { Hues } from './scales.js' */
/** @import { LayeredText } from './shown_layers.js' */
/** @import { Step } from './steps.js' */
/** @import { Trail } from './trail.js' */

const BARS = 10;
/** @type {Asked} */
const FIRST = { method: ATTENTION, target: null, engine: 'browser' };
/** @type {LayeredText} */
const BLANK = {
  head: '',
  truncated: 0,
  tokens: [],
  gaps: [''],
  scale: { full: 0, signed: false, name: '', toward: '', against: '' },
  attention: null,
  logOdds: null,
  whyNoLogOdds: '',
};

/** @typedef {import('./explain_reading.js').Explained} Explained */

/**
 * @typedef {object} Settings
 * @property {Hues} hues
 * @property {{ steps: number, replacement: number }} limits
 * @property {string} placeholder
 * @property {() => Promise<typeof drawReview>} loadPicture what draws a picture to take away
 * @property {(text: string, steps: Step[], at: number) => void} changed something else is asked now: the typing has
 *   paused, or other steps count
 * @property {() => void} [edited] called at each letter and each step, once it is on the screen
 * @property {(read: Read) => void} [hasRead] called with each text that the network in the browser has read
 */

export class LiveReview {
  /**
   * @param {Root} root holds review.html
   * @param {Settings} settings
   */
  constructor(root, { hues, limits, placeholder, loadPicture, changed, edited = () => {}, hasRead = () => {} }) {
    this.root = root;
    this.host = hostOf(root);
    this.hues = hues;
    this.changed = changed;
    this.edited = edited;
    this.hasRead = hasRead;
    this.asked = FIRST;
    /** @type {Network | null} */
    this.network = null;
    /** @type {Read | null} what the network in the browser has read last */
    this.last = null;
    /** @type {Late | null} the last answer by a signed method */
    this.late = null;
    /** @type {Explained | null} */
    this.explained = null;
    /** @type {LayeredText} the text that was explained */
    this.layered = BLANK;
    /** @type {LayeredText} the same over the letters of the box, which may be newer */
    this.laid = BLANK;
    /** @type {string | null} the typed text that was explained */
    this.shown = null;
    this.answered = ''; // the key of the steps that it is about
    this.waits = false; // whoever answers has not begun
    this.box = new TextBox(find(root, 'textarea', HTMLTextAreaElement), {
      edited: () => this.type(),
      paused: () => this.tell(),
    });
    put(this.box.box, { placeholder });
    this.view = new TextView(find(root, '.reading'));
    this.curve = new LiveCurve(find(root, '.curve'), this.view);
    this.tip = new WordTip(this.view.box, find(root, '.tip'));
    this.popover = new WordPopover(root, { change: (token, read) => this.whatIf.change(token, read) });
    put(this.popover.input, { maxlength: limits.replacement });
    this.whatIf = new WhatIf(root, {
      most: limits.steps,
      isCurrent: () => this.isCurrent,
      changed: () => this.changeWords(),
    });
    this.legend = new Legend(root, hues, () => {
      this.redraw();
      this.showFreshness();
    });
    this.bars = new WordBars(find(root, '.bars'), (word) => pointAtWord(this.view.elements, word));
    this.listenToWords();
    this.listenToPointer();
    this.loadPicture = loadPicture;
    mountSave(
      find(root, '.picture'),
      t`the highlighted review`,
      () => this.drawPicture(),
      ({ message }) => showStatus(find(root, '.status'), message, true),
    );
  }

  listenToWords() {
    const { box } = this.view;
    box.addEventListener('click', (event) => {
      const token = around(event, '.token');
      if (token) this.popover.open(token, token, 'button'); // a screen reader's click: the pointer meets the box
    });
    box.addEventListener('keydown', (event) => {
      const token = around(event, '.token');
      if (token) this.pressOn(token, event);
    });
    box.addEventListener('focusin', (event) => this.bars.mark(around(event, '.token')?.dataset.token ?? null));
    box.addEventListener('focusout', () => this.bars.mark(null));
  }

  listenToPointer() {
    const { box } = this.box;
    box.addEventListener('pointermove', (event) => this.point(event.buttons ? null : findWord(this.root, event)));
    box.addEventListener('pointerleave', () => this.point(null));
    box.addEventListener('click', (event) => {
      const token = box.selectionStart === box.selectionEnd ? findWord(this.root, event) : null;
      if (token) this.popover.open(token, box, 'none');
      this.tip.hide();
    });
    box.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.popover.close();
    });
    this.root.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(this.popover.box)) this.popover.close();
    });
  }

  /** @param {HTMLElement | null} word */
  point(word) {
    if (word === this.tip.word) return;
    const name = this.popover.isOpen ? null : (word?.dataset.token ?? null);
    pointAtWord(this.view.elements, name);
    this.bars.mark(name);
    if (!word || name === null) {
      this.tip.hide();
      return;
    }
    this.tip.show(word);
  }

  /**
   * @param {HTMLElement} token
   * @param {KeyboardEvent} event
   */
  pressOn(token, event) {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key !== 'z' && key !== 'y') return;
      this.whatIf.goTo(this.whatIf.steps.at + (key === 'z' && !event.shiftKey ? -1 : 1));
      event.preventDefault();
      return;
    }
    const isKnown = ['enter', ' ', 'r', 'delete'].includes(key);
    if (key === 'delete') this.whatIf.change(token, token.getAttribute('aria-pressed') === 'true' ? null : '');
    else if (isKnown) this.popover.open(token, token, key === 'r' ? 'input' : 'button');
    if (isKnown) {
      this.tip.hide();
      event.preventDefault();
    }
    if (!event.altKey) event.stopPropagation(); // Streamlit has shortcuts of its own, R among them
  }

  /** What stands in the box. */
  get text() {
    return this.box.text;
  }

  /** Whether the words on the screen are those of the text in the box. */
  get isCurrent() {
    return this.shown === this.box.text;
  }

  /** Whether the probability on the screen is that of the text in the box and the steps that count. */
  get isAnswered() {
    return this.isCurrent && this.answered === this.whatIf.steps.key;
  }

  /** Whether a network in the browser has answered that; scores of a signed method may still be on their way. */
  get isRead() {
    const { network, last } = this;
    return network !== null && last?.typed === this.box.text && last.key === this.whatIf.steps.key;
  }

  /** Whether the scores on the screen are about it, too. */
  get isFresh() {
    if (!this.isRead || !this.last) return this.isAnswered && !this.waits;
    return !this.asked.method.signed || belongsTo(this.late, this.last, this.asked);
  }

  /**
   * From now on a network in the browser answers, or again somebody else.
   *
   * @param {Network | null} network
   */
  use(network) {
    this.network = network;
    this.last = null;
    if (network) this.readAnew();
  }

  /**
   * From now on something else is asked.
   *
   * @param {Asked} asked
   */
  choose(asked) {
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return;
    this.asked = asked;
    if (this.network) this.readAnew();
  }

  readAnew() {
    this.read();
    this.redraw();
    this.showFreshness();
  }

  /**
   * Another text from elsewhere than the box.
   *
   * @param {string} text
   * @param {Step[]} steps
   * @param {number} at
   */
  setText(text, steps = [], at = steps.length) {
    this.box.replace(text);
    this.whatIf.start(steps, at);
    this.popover.close();
    this.readAnew();
  }

  type() {
    this.view.box.classList.add('typing');
    if (this.whatIf.steps.all.length) this.startAnew();
    this.popover.close();
    this.tip.hide();
    this.readAnew();
    this.edited();
  }

  /** The words have other places now. */
  startAnew() {
    this.whatIf.start([], 0);
    this.whatIf.draw(null);
  }

  changeWords() {
    this.readAnew(); // at once, before the answer: a second click on the same word must bring it back
    this.edited();
    this.tell();
  }

  tell() {
    this.view.box.classList.remove('typing');
    const { all, at } = this.whatIf.steps;
    this.changed(this.box.text, all, at);
  }

  /** The network in the browser answers, before this letter is painted. */
  read() {
    if (!this.network) return;
    try {
      this.answer(this.network);
    } catch (error) {
      showStatus(find(this.root, '.status'), error instanceof Error ? error.message : String(error), true);
    }
  }

  /** @param {Network} network */
  answer(network) {
    const { all, at, key } = this.whatIf.steps;
    const typed = this.box.text;
    const edited = editText(typed, all.slice(0, at));
    const { name, labels, target, reduction } = network;
    const reader = { name, labels, target: this.asked.target ?? target, reduction };
    this.last = { reading: network.read(edited.text), reader, edited, typed, key };
    const { answer } = this.present(this.last);
    this.whatIf.draw(all.length ? this.followSteps(network, answer.target) : null);
    this.curve.follow(network, this.last.reading, answer.target);
    this.hasRead(this.last);
  }

  /**
   * What was read, with the scores that are asked for.
   *
   * @param {Read} read
   */
  present(read) {
    const { asked, late } = this;
    const { reading, reader, edited, typed, key } = read;
    const explained = asked.method.signed ? coverReading(late, read, asked) : explainReading(reading, reader, edited);
    this.adopt(explained, typed, key, 'browser', asked.method.signed ? asked.engine : 'browser');
    return explained;
  }

  /**
   * The probability after each step.
   *
   * @param {Network} network
   * @param {number} target the label that it is of
   * @returns {Trail}
   */
  followSteps(network, target) {
    const { all } = this.whatIf.steps;
    const probabilities = Array.from({ length: all.length + 1 }, (_, count) => {
      const { probabilities: found } = network.read(editText(this.box.text, all.slice(0, count)).text);
      return found ? found[target] : null;
    });
    const texts = probabilities.map((found) => (found === null ? '–' : formatProbability(found)));
    return { labels: [t`as typed`, ...describeSteps(this.box.text, all)], probabilities, texts };
  }

  /**
   * An answer from elsewhere. A network in the browser has answered already, and about the newest letter: then only the
   * scores of a signed method are news.
   *
   * @param {Explained} explained
   * @param {string} key of the steps that it is about
   * @param {Trail | null} trail
   */
  show(explained, key, trail) {
    const typed = (explained.typed ?? joinText(readText(explained.text))).replace(/\r\n?/g, '\n'); // as in a text box
    const about = this.waits ? '' : key; // while whoever answers has not begun, this is the answer before
    if (explained.text.scale.signed) this.late = { explained, typed, key: about };
    if (this.isRead && this.last) {
      if (!this.asked.method.signed) return;
      this.present(this.last);
    } else {
      this.adopt(explained, typed, key, 'python', 'python');
      this.whatIf.draw(trail);
    }
    this.redraw();
    this.showFreshness();
  }

  /**
   * @param {Explained} explained
   * @param {string} typed
   * @param {string} key
   * @param {'browser' | 'python'} engine that gave the probability and the attention
   * @param {'browser' | 'python'} scoresEngine that gave the scores of the method
   */
  adopt(explained, typed, key, engine, scoresEngine) {
    const { root, host, hues } = this;
    this.explained = explained;
    this.layered = readLayers(explained);
    this.laid = layOut(this.layered, explained.typed);
    this.legend.offer(this.layered);
    this.shown = typed;
    this.answered = key;
    showNotes(find(root, '.notes'), explained.notes);
    drawAnswer(root, explained.answer, hues);
    const { text_hash: textHash, model, method, probability } = explained;
    Object.assign(host.dataset, { engine, scoresEngine, textHash, model, method, probability: probability ?? '' });
  }

  redraw() {
    if (joinText(this.laid) !== this.box.text) this.laid = carryOver(this.laid, this.box.text);
    const shown = chooseLayers(this.laid, this.legend.choice);
    const page = { hues: this.hues, all: sumUp(shown.text.tokens), reads: this.whatIf.reads };
    this.view.draw(shown.text, (token) => dressToken(token, shown, page));
    this.legend.draw(shown);
    this.drawBars();
    this.showUnread(shown.text);
    this.tip.refresh();
    this.popover.refresh();
  }

  drawBars() {
    const { root, explained, hues } = this;
    if (!explained) return;
    const { text, fill } = chooseLayers(this.layered, this.legend.choice);
    const isMethod = fill.scale.signed === this.layered.scale.signed;
    find(root, '.bars-title').textContent = isMethod ? explained.method_title : ATTENTION.title;
    find(root, '.bars-help').textContent = isMethod ? explained.method_help : ATTENTION.help;
    this.bars.draw(findStrongest(text.tokens, BARS), fill, hues);
  }

  /** @param {HighlightedText} text */
  showUnread({ truncated, truncated_end = 0 }) {
    const said = find(this.root, '.unread-said');
    const parts = [
      truncated && t`the first ${countWords(truncated)}`,
      truncated_end && t`the last ${countWords(truncated_end)}`,
    ];
    said.hidden = !truncated && !truncated_end;
    const unread = parts.filter(Boolean).join(', ');
    put(said, {}, t`Not read: ${unread}`);
  }

  showFreshness() {
    const { isFresh, isRead } = this;
    const { classList } = find(this.root, '.editor');
    const late = isRead && !isFresh && chooseLayers(this.laid, this.legend.choice).fill.scale.signed;
    classList.toggle('stale', !isFresh && !isRead);
    classList.toggle('late', late);
    put(find(this.root, '.strongest'), { 'aria-busy': late });
    this.host.dataset.attnvizReady = String(isFresh);
  }

  async drawPicture() {
    const drawReview = await this.loadPicture();
    const { explained, laid } = this;
    if (!explained) throw new Error(t`There is nothing to draw yet.`);
    const { answer, model, method, method_title } = explained;
    const { fill, line } = chooseLayers(laid, this.legend.choice);
    const meaning = describeScale(fill);
    return drawReview(this.view, {
      title: answer.said,
      subtitle: `${model}, ${method_title.toLowerCase()}`,
      scale: fill.scale,
      full: fill.full,
      meaning: line ? t`${meaning}. Underline: ${describeScale(line)}` : meaning,
      hues: this.hues,
      truncated: laid.truncated + (laid.truncated_end ?? 0),
      file: `attnviz-${model}-${method}`,
    });
  }

  stop() {
    this.box.stop();
    this.curve.stop();
  }
}
