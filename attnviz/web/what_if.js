// What if a word were not there? What is chosen for words becomes steps. The steps belong to this side, as the text
// does; whoever reads the text answers with the probability after each one.

import { around, find } from './dom.js';
import { Steps } from './steps.js';
import { drawTrail } from './trail.js';

/** @import { Root } from './component.js' */
/** @import { Step } from './steps.js' */
/** @import { Trail } from './trail.js' */

export class WhatIf {
  /**
   * @param {Root} root
   * @param {object} editor
   * @param {number} editor.most how many steps there may be
   * @param {() => boolean} editor.isCurrent whether the words on the screen are those of the text in the box
   * @param {() => void} editor.changed called when other steps count
   */
  constructor(root, { most, isCurrent, changed }) {
    this.most = most;
    this.isCurrent = isCurrent;
    this.changed = changed;
    this.steps = new Steps();
    this.undo = find(root, '.undo', HTMLButtonElement);
    this.redo = find(root, '.redo', HTMLButtonElement);
    this.restore = find(root, '.restore', HTMLButtonElement);
    this.trail = find(root, '.trail');
    this.listen();
  }

  listen() {
    this.undo.addEventListener('click', () => this.goTo(this.steps.at - 1));
    this.redo.addEventListener('click', () => this.goTo(this.steps.at + 1));
    this.restore.addEventListener('click', () => this.goTo(0));
    this.trail.addEventListener('click', (event) => {
      const step = around(event, 'button');
      if (step) this.goTo(Number(step.dataset.step));
    });
  }

  /**
   * Begin anew, because the text is another one.
   *
   * @param {Step[]} steps
   * @param {number} at
   */
  start(steps, at) {
    this.steps.start(steps, at);
  }

  /**
   * Let something else be read in the place of a word.
   *
   * @param {HTMLElement} token
   * @param {string | null} read '' for nothing, null for the word itself
   */
  change({ dataset }, read) {
    const { steps, most } = this;
    if (!this.isCurrent()) return false; // the words are those of another text
    if (!steps.add([Number(dataset.start), Number(dataset.end), read], most)) return false;
    this.goTo(steps.all.length);
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
}
