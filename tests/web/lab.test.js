import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameMark } from '../../attnviz/web/answer_marks.js';
import { LabSettings } from '../../attnviz/web/lab_settings.js';
import { findRange } from '../../attnviz/web/learning_curves.js';
import { chooseSource, pickWeights } from '../../attnviz/web/samples.js';
import { placeNumber } from '../../attnviz/web/weight_chart.js';

const spec = (/** @type {string} */ name, /** @type {number[]} */ values) => ({
  name,
  label: name,
  help: '',
  values,
  texts: values.map(String),
  used: true,
});
const COLUMN = { attention_column: 1, input_dim: 4, noise: 0, epochs: 20, seed: 0 };
const TASKS = [
  {
    name: 'column',
    network: 'columns',
    defaults: { ...COLUMN, task: 'column' },
    planted: ['the answer'],
    dims: [2, 4, 8],
  },
  {
    name: 'decoy',
    network: 'columns',
    defaults: { ...COLUMN, task: 'decoy', noise: 0.2 },
    planted: ['the answer', 'decoy'],
    dims: [2, 4, 8],
  },
  {
    name: 'maximum',
    network: 'steps',
    defaults: { ...COLUMN, task: 'maximum', input_dim: 10 },
    planted: [],
    dims: [5, 10],
  },
].map(({ dims, ...task }) => ({
  ...task,
  title: task.name,
  summary: '',
  controls: [spec('attention_column', []), spec('input_dim', dims)],
}));

const start = (/** @type {Record<string, number>} */ values) =>
  new LabSettings(TASKS, { ...COLUMN, ...values, task: 'column' });

test('the number of columns is one that is offered, and the attention column one of them', () => {
  const settings = start({ input_dim: 3, attention_column: 7 });
  settings.fit();
  assert.deepEqual([settings.numbers.input_dim, settings.numbers.attention_column], [2, 1]);
  assert.deepEqual(settings.listOffered('attention_column'), [0, 1]);
});

test('a task of the same network keeps the settings, but for the noise; one of another network has its own', () => {
  const settings = start({ input_dim: 8, seed: 5 });
  settings.chooseTask('decoy');
  assert.deepEqual(settings.values, { ...COLUMN, input_dim: 8, seed: 5, noise: 0.2, task: 'decoy' });
  settings.chooseTask('maximum');
  assert.deepEqual(settings.values, { ...COLUMN, input_dim: 10, seed: 5, task: 'maximum' });
});

test('another size or task is compiled anew, another seed is not', () => {
  const settings = start({});
  const before = settings.values;
  settings.numbers.seed = 9;
  assert.equal(settings.reshapes(before, ['input_dim']), false);
  settings.numbers.input_dim = 8;
  assert.equal(settings.reshapes(before, ['input_dim']), true);
  assert.equal(settings.reshapes(null, []), true);
});

const RESULT = {
  attention: [
    [0.5, 0.5],
    [0.9, 0.1],
  ],
  watched: [[[0.4, 0.6]], [[0.2, 0.8]]],
  samples: { x: [[3, 4]], truth: [[false, true]] },
  marks: { 0: 'decoy' },
};

test('one sample of a sequence has its own answer marked', () => {
  const step = /** @type {const} */ ('step');
  const shown = pickWeights({ ...RESULT, place: step }, '0');
  assert.deepEqual(shown.rows, [
    [0.4, 0.6],
    [0.2, 0.8],
  ]);
  assert.deepEqual(shown.marks, { 0: 'decoy', 1: 'the answer' });
  assert.deepEqual(pickWeights({ ...RESULT, place: step }, 'mean').truth, [], 'it is elsewhere in each sample');
});

test('the mean of columns knows where the answer is in all of them', () => {
  const shown = pickWeights({ ...RESULT, place: 'column' }, 'mean');
  assert.deepEqual([shown.rows, shown.truth, shown.inputs], [RESULT.attention, [false, true], null]);
});

test('a sequence starts with one sample, columns with the mean, and a choice stays', () => {
  const of = (/** @type {'step' | 'column'} */ place) => /** @type {any} */ ({ place, spread: null });
  assert.deepEqual([chooseSource(null, of('step')), chooseSource('step', of('column'))], ['0', 'mean']);
  assert.equal(chooseSource('step', of('step')), null);
});

test('the axis of a loss starts at 0, that of an accuracy below its values', () => {
  assert.deepEqual(findRange([0, 0], false), { low: 0, high: 1 });
  assert.deepEqual(findRange([0.55, 1], true), { low: 0.4, high: 1 });
});

test('the marks stand in the attention column and in the next one, around the end', () => {
  const settings = start({ attention_column: 3 });
  assert.deepEqual([settings.listMarks(), settings.isMovable], [{ 3: 'the answer' }, true]);
  settings.chooseTask('decoy');
  assert.deepEqual(settings.listMarks(), { 3: 'the answer', 0: 'decoy' });
});

test('where nothing is planted, nothing is marked', () => {
  const result = { ...RESULT, marks: {}, samples: { x: [[3, 4]], truth: [[false, false]] } };
  for (const source of ['mean', '0']) {
    const shown = pickWeights({ ...result, place: 'column' }, source);
    assert.deepEqual([shown.marks, shown.truth], [{}, []]);
  }
});

test('a number stands above its bar, and above every line that would strike it through', () => {
  const lines = [100, 20, 112];
  for (let bar = 40; bar < 200; bar += 1) {
    const foot = placeNumber(bar, lines);
    assert.ok(foot < bar, 'above the bar');
    for (const line of lines) assert.ok(foot < line || foot - 11 > line, `${foot}: the line at ${line} is in it`);
    if (bar < 80 || bar > 140) assert.equal(foot, bar - 6);
  }
});

test('a mark says what it has room for, and a decoy never looks like the answer', () => {
  const widths = [200, 80, 20];
  assert.deepEqual(
    widths.map((width) => nameMark('the answer', width)),
    ['▲ the answer', 'answer', '▲'],
  );
  for (const width of widths) assert.notEqual(nameMark('decoy', width), nameMark('the answer', width));
});
