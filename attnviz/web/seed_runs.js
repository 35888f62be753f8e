// The same task with 20 seeds: asked for round by round, shown as they come, and each of them to look at.

import { fillChildren, find, put } from './dom.js';
import { t } from './language.js';

/** @import { Root } from './component.js' */
/** @import { Result } from './lab_data.js' */

export class SeedRuns {
  /**
   * @param {Root} root
   * @param {(seed: number) => void} look called when a seed is chosen
   * @param {() => void} ask called for the next seeds
   */
  constructor(root, look, ask) {
    this.root = root;
    this.ask = ask;
    this.isRunning = false;
    this.button = find(root, '.repeat');
    this.bar = find(root, '.seeds progress', HTMLProgressElement);
    this.select = find(root, '.seed', HTMLSelectElement);
    this.button.addEventListener('click', () => (this.isRunning ? this.stop() : this.start()));
    this.select.addEventListener('change', () => look(Number(this.select.value)));
  }

  start() {
    this.isRunning = true;
    find(this.root, '.seeds').hidden = false;
    this.showButton();
    this.ask();
  }

  stop() {
    this.isRunning = false;
    this.showButton();
  }

  showButton() {
    this.button.textContent = this.isRunning ? t`Stop` : t`Repeat with 20 seeds`;
  }

  /**
   * How many seeds are done after this result, and which of them is shown.
   *
   * @param {Result} result
   */
  show({ spread, seed }) {
    const { root, select, bar } = this;
    const done = spread?.seeds.length ?? 0;
    if (spread && done >= spread.total) this.stop();
    const row = find(root, '.seeds');
    row.hidden = row.hidden && !spread; // once it was asked for, its room stays
    row.classList.toggle('some', done > 0);
    row.classList.toggle('running', this.isRunning);
    put(bar, { max: spread?.total ?? 1, value: done });
    const none = t`These settings were not trained with other seeds yet.`;
    const all = spread?.total ?? 20;
    const said = this.isRunning ? t`${done} of ${all} seeds are trained…` : (spread?.sentence ?? none);
    find(root, '.spread').textContent = said;
    fillChildren(
      select,
      spread?.seeds ?? [],
      () => new Option(),
      (option, one) => {
        put(option, { value: one }, t`seed ${one}`);
      },
    );
    select.value = String(seed);
  }
}
