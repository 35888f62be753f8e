// What if a word were not there? Clicks on words become steps. The steps belong to this side, as the text does; Python
// answers with the probability after each one.

import { around, find, put } from './dom.js';
import { Steps } from './steps.js';
import { drawTrail } from './trail.js';

/** @import { Root } from './component.js' */
/** @import { Step } from './steps.js' */
/** @import { TextView } from './text_view.js' */
/** @import { Trail } from './trail.js' */

export class WhatIf {
  /**
   * @param {Root} root
   * @param {TextView} text
   * @param {object} editor
   * @param {() => boolean} editor.isCurrent whether the words on the screen are those of the text in the box
   * @param {() => void} editor.changed called when other steps count
   */
  constructor(root, text, { isCurrent, changed }) {
    this.text = text;
    this.isCurrent = isCurrent;
    this.changed = changed;
    this.steps = new Steps();
    this.most = 0;
    /** @type {[start: number, end: number] | null} the word to replace: the last one that was clicked or focused */
    this.touched = null;
    this.input = find(root, '.replacement', HTMLInputElement);
    this.replace = find(root, '.replace');
    this.word = find(root, '.touched');
    this.undo = find(root, '.undo', HTMLButtonElement);
    this.redo = find(root, '.redo', HTMLButtonElement);
    this.restore = find(root, '.restore', HTMLButtonElement);
    this.trail = find(root, '.trail');
    this.listenToWords();
    this.listenToButtons();
  }

  listenToWords() {
    const { box } = this.text;
    box.addEventListener('click', (event) => {
      const token = around(event, '.token');
      if (token && !getSelection()?.toString()) this.toggle(token);
    });
    box.addEventListener('focusin', (event) => {
      const token = around(event, '.token');
      if (token) this.touch(token);
    });
    box.addEventListener('keydown', (event) => {
      const token = around(event, '.token');
      if (token) this.pressOn(token, event);
    });
  }

  listenToButtons() {
    this.input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Enter' || event.isComposing || this.touched === null) return;
      if (this.add([...this.touched, this.input.value.trim()])) this.input.value = '';
      this.text.elements[this.text.stop]?.focus();
    });
    this.undo.addEventListener('click', () => this.goTo(this.steps.at - 1));
    this.redo.addEventListener('click', () => this.goTo(this.steps.at + 1));
    this.restore.addEventListener('click', () => this.goTo(0));
    this.trail.addEventListener('click', (event) => {
      const step = around(event, 'button');
      if (step) this.goTo(Number(step.dataset.step));
    });
  }

  /**
   * @param {HTMLElement} token
   * @param {KeyboardEvent} event
   */
  pressOn(token, event) {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key !== 'z' && key !== 'y') return;
      this.goTo(this.steps.at + (key === 'z' && !event.shiftKey ? -1 : 1));
      event.preventDefault();
      return;
    }
    if (key === 'enter' || key === ' ' || key === 'delete') {
      this.toggle(token);
      event.preventDefault();
    }
    if (key === 'r') {
      this.touch(token);
      this.input.focus();
      event.preventDefault();
    }
    if (!event.altKey) event.stopPropagation(); // Streamlit has shortcuts of its own, R among them
  }

  /**
   * Begin anew, because the text is another one.
   *
   * @param {Step[]} steps
   * @param {number} at
   */
  start(steps, at) {
    this.steps.start(steps, at);
    this.touched = null;
    this.replace.hidden = true;
  }

  /** @param {HTMLElement} token */
  touch(token) {
    this.touched = getOffsets(token);
    const whole = this.text.elements.filter((other) => other.dataset.start === token.dataset.start);
    const word = whole.map((part) => part.textContent).join(' ');
    this.word.textContent = word;
    this.input.setAttribute('aria-label', `Read instead of ${word}`);
    this.replace.hidden = false;
  }

  /** @param {HTMLElement} token */
  toggle(token) {
    this.add([...getOffsets(token), token.getAttribute('aria-pressed') === 'true' ? null : '']);
  }

  /** @param {Step} step */
  add(step) {
    if (!this.isCurrent()) return false; // the words are those of another text
    if (!this.steps.add(step, this.most)) return false;
    this.goTo(this.steps.all.length);
    return true;
  }

  /** By start what is read there after the steps that count; null if the words are those of another text. */
  get reads() {
    return this.isCurrent() ? this.steps.reads : null;
  }

  /** @param {number} at */
  goTo(at) {
    if (!this.isCurrent() || !this.steps.leadsTo(at)) return;
    this.steps.at = at;
    this.changed();
  }

  /** @param {Trail | null} trail */
  draw(trail) {
    const { at, all } = this.steps;
    this.undo.disabled = at === 0;
    this.redo.disabled = at === all.length;
    this.restore.disabled = at === 0;
    drawTrail(this.trail, trail, at);
  }

  /** @param {{ steps: number, replacement: number }} limits */
  limit({ steps, replacement }) {
    this.most = steps;
    put(this.input, { maxlength: replacement });
  }
}

/**
 * Where a word stands in the text as typed.
 *
 * @param {HTMLElement} token
 * @returns {[start: number, end: number]}
 */
const getOffsets = ({ dataset }) => [Number(dataset.start), Number(dataset.end)];
