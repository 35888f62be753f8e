// Going through the epochs of a run, or other moments of it: by a slider, or played.

import { find, keepKeys, put } from './dom.js';
import { t } from './language.js';

/** @import { Root } from './component.js' */

const PLAY_MS = 4000;
const REPLAY_MS = 1600; // what a new run takes to be seen
const LEAST_FRAME_MS = 40;

export class TimeLapse {
  /**
   * @param {Root} root
   * @param {() => void} draw called when another epoch is shown
   * @param {(epoch: number, epochs: number) => string} name what an epoch, counted from 0, is called
   */
  constructor(root, draw, name = (epoch, epochs) => t`epoch ${epoch + 1} of ${epochs}`) {
    this.draw = draw;
    this.name = name;
    this.epoch = 0; // counted from 0
    this.epochs = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.player = undefined;
    this.slider = find(root, '.epoch', HTMLInputElement);
    this.text = find(root, '.epoch-text');
    this.button = find(root, '.play');
    this.slider.addEventListener('input', () => this.goTo(Number(this.slider.value) - 1));
    keepKeys(this.slider);
    this.button.addEventListener('click', () => (this.player ? this.pause() : this.play()));
  }

  get last() {
    return this.epochs - 1;
  }

  /**
   * A run to go through: a new one is shown at its end, if the last one was.
   *
   * @param {number} epochs
   * @param {boolean} isNew
   * @param {boolean} toEnd
   */
  follow(epochs, isNew, toEnd) {
    const wasAtEnd = this.epoch >= this.last;
    this.epochs = epochs;
    if (toEnd || (isNew && !this.player && wasAtEnd)) this.epoch = this.last;
    this.epoch = Math.min(this.epoch, this.last);
  }

  /**
   * The hand chooses an epoch.
   *
   * @param {number} epoch
   */
  goTo(epoch) {
    this.pause();
    this.epoch = epoch;
    this.draw();
  }

  play(duration = PLAY_MS) {
    this.stop();
    if (this.epoch >= this.last) this.epoch = 0;
    this.player = setInterval(() => this.advance(), Math.max(LEAST_FRAME_MS, duration / this.epochs));
    this.showPlayer();
    this.draw();
  }

  /** Once through a new run; at once at its end for those who want no motion. */
  replay() {
    this.epoch = this.last;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.play(REPLAY_MS);
  }

  advance() {
    if (this.epoch >= this.last) {
      this.pause();
      return;
    }
    this.epoch += 1;
    this.draw();
  }

  pause() {
    this.stop();
    this.showPlayer();
  }

  stop() {
    clearInterval(this.player);
    this.player = undefined;
  }

  showPlayer() {
    const label = this.player ? t`Pause the training` : t`Play the training`;
    put(this.button, { 'aria-label': label }, this.player ? '❚❚' : '▶');
  }

  show() {
    const text = this.name(this.epoch, this.epochs);
    put(this.slider, { max: this.epochs, 'aria-valuetext': text });
    this.slider.value = String(this.epoch + 1);
    this.text.textContent = text;
  }
}
