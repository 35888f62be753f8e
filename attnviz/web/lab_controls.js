// The sliders of the lab.

import { find, keepKeys, make, put } from './dom.js';
import { LabSettings } from './lab_settings.js';
import { namePlace } from './places.js';

/** @import { Root } from './component.js' */
/** @import { LabData } from './lab_data.js' */

const MAX_RANDOM_SEED = 99_999;
const MAX_SEED = 4_294_967_295;

/**
 * @typedef {object} Control
 * @property {HTMLElement} box
 * @property {HTMLLabelElement} label
 * @property {HTMLElement} reading
 * @property {HTMLInputElement} input
 * @property {HTMLElement} help
 */

export class LabControls {
  /**
   * @param {Root} root
   * @param {LabData} data
   * @param {(isRetrained: boolean) => void} moved called when a setting is another one, or the seed alone is
   */
  constructor(root, { tasks, values }, moved) {
    this.root = root;
    this.moved = moved;
    this.settings = new LabSettings(tasks, values);
    /** @type {Record<string, Control>} */
    this.controls = {};
    this.task = find(root, '#task', HTMLSelectElement);
    this.task.replaceChildren(...tasks.map(({ title, name }) => new Option(title, name)));
    find(root, '.choice').hidden = tasks.length === 1;
    for (const { name } of tasks[0].controls) {
      this.controls[name] = this.build(name);
      find(root, name === 'attention_column' ? '.first' : '.others').appendChild(this.controls[name].box);
    }
    this.listen();
  }

  listen() {
    const { root, settings, task } = this;
    task.addEventListener('change', () => {
      settings.chooseTask(task.value);
      this.change();
    });
    find(root, '.retrain').addEventListener('click', () => {
      settings.numbers.seed = Math.floor(Math.random() * (MAX_RANDOM_SEED + 1));
      this.change(true);
    });
  }

  change(isRetrained = false) {
    this.sync();
    this.moved(isRetrained);
  }

  /**
   * Another value of a setting, from somewhere else than its slider.
   *
   * @param {string} name
   * @param {number} value
   */
  set(name, value) {
    this.settings.numbers[name] = value;
    this.change();
  }

  /**
   * @param {string} name
   * @returns {Control}
   */
  build(name) {
    const id = `lab-${name}`;
    const [label, reading, input, help] = [
      make('label', ''),
      make('span', 'reading'),
      make('input', ''),
      make('p', 'help'),
    ];
    label.htmlFor = id;
    put(input, { id, type: name === 'seed' ? 'number' : 'range', 'aria-describedby': `${id}-help` });
    put(help, { id: `${id}-help` });
    if (name === 'seed') put(input, { min: 0, max: MAX_SEED, step: 1 });
    input.addEventListener(name === 'seed' ? 'change' : 'input', () => {
      if (name === 'seed' && !input.checkValidity()) return;
      const value = Number(input.value);
      this.settings.numbers[name] = name === 'seed' ? value : this.settings.listOffered(name)[value];
      this.change();
    });
    keepKeys(input);
    return { box: make('div', 'control', label, reading, input, help), label, reading, input, help };
  }

  /** Show where everything stands. */
  sync() {
    const { root, settings, task } = this;
    settings.fit();
    task.value = settings.taskName;
    find(root, '.summary').textContent = settings.task.summary;
    for (const [name, control] of Object.entries(this.controls)) this.syncControl(name, control);
  }

  /**
   * @param {string} name
   * @param {Control} control
   */
  syncControl(name, { box, label, reading, input, help }) {
    const { settings } = this;
    const spec = settings.getSpec(name);
    box.hidden = !spec.used;
    label.textContent = spec.label;
    help.textContent = spec.help;
    if (name === 'seed') {
      const root = input.getRootNode();
      const isFocused = root instanceof ShadowRoot && root.activeElement === input;
      if (!isFocused) input.value = String(settings.numbers.seed);
      return;
    }
    const position = settings.findPosition(name);
    put(input, { min: 0, max: settings.listOffered(name).length - 1 });
    if (Number(input.value) !== position) input.value = String(position);
    const isColumn = name === 'attention_column';
    const text = isColumn ? namePlace('column', settings.numbers[name]) : spec.texts[position];
    reading.textContent = text;
    put(input, { 'aria-valuetext': text });
  }
}
