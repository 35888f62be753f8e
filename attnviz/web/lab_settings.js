// Where the sliders of the lab stand, and where they may.

import { findNearest } from './numbers.js';

/** @import { ControlSpec, Task, Values } from './lab_data.js' */

export class LabSettings {
  /**
   * @param {readonly Task[]} tasks
   * @param {Values} values
   */
  constructor(tasks, values) {
    this.tasks = tasks;
    this.taskName = '';
    /** @type {Record<string, number>} */
    this.numbers = {};
    this.take(values);
  }

  /** @param {Values} values */
  take({ task, ...numbers }) {
    this.taskName = task;
    this.numbers = /** @type {Record<string, number>} */ ({ ...numbers });
  }

  get task() {
    const task = this.tasks.find(({ name }) => name === this.taskName);
    if (!task) throw new Error(`There is no task ${this.taskName}`);
    return task;
  }

  /** @returns {Values} */
  get values() {
    return { ...this.numbers, task: this.taskName };
  }

  /**
   * @param {string} name
   * @returns {ControlSpec}
   */
  getSpec(name) {
    const spec = this.task.controls.find((control) => control.name === name);
    if (!spec) throw new Error(`There is no setting ${name}`);
    return spec;
  }

  /**
   * The values that a slider stands on; the columns are offered as they are.
   *
   * @param {string} name
   */
  listOffered(name) {
    return name === 'attention_column' ? [...Array(this.numbers.input_dim).keys()] : this.getSpec(name).values;
  }

  /**
   * Which of the offered values a setting is nearest to.
   *
   * @param {string} name
   */
  findPosition(name) {
    return findNearest(this.listOffered(name), this.numbers[name]);
  }

  /**
   * Another task; one of another network starts with its own settings.
   *
   * @param {string} name
   */
  chooseTask(name) {
    const before = this.task;
    const { seed } = this.numbers;
    this.taskName = name;
    const { network, defaults } = this.task;
    if (network !== before.network) this.take({ ...defaults, seed, task: name });
    this.numbers.noise = Number(defaults.noise);
  }

  /**
   * What is planted where.
   *
   * @returns {Record<string, string>}
   */
  listMarks() {
    const { attention_column: first, input_dim: count } = this.numbers;
    return Object.fromEntries(this.task.planted.map((mark, place) => [(first + place) % count, mark]));
  }

  /** Whether there is a column to choose. */
  get isMovable() {
    return this.getSpec('attention_column').used;
  }

  /** The number of columns is one that the task offers, and the attention column one of them. */
  fit() {
    const { numbers } = this;
    numbers.input_dim = this.listOffered('input_dim')[this.findPosition('input_dim')];
    numbers.attention_column = Math.min(numbers.attention_column, numbers.input_dim - 1);
  }

  /**
   * Whether a run with these settings needs another compilation than one with those.
   *
   * @param {Values | null} others
   * @param {readonly string[]} reshaping the settings that do
   */
  reshapes(others, reshaping) {
    return ['task', ...reshaping].some((name) => this.values[name] !== others?.[name]);
  }
}
