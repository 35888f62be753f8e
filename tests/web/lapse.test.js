import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEpochs } from '../../attnviz/web/lapse_chart.js';
import { readSeen, seeAt, traceProbability } from '../../attnviz/web/lapse_data.js';

/** @import { PlainSeen } from '../../attnviz/web/lapse_data.js' */

/** @type {PlainSeen} */
const PLAIN = {
  title: 'good film',
  name: 'probability that the review is positive',
  text: {
    head: '',
    truncated: 0,
    tokens: [
      ['good', 'good', 0, 4, 0.9, 1, true, 'read'],
      ['film', 'film', 5, 9, 0.1, 2, true, 'read'],
    ],
    gaps: ['', ' ', ''],
    scale: { full: 0.9, signed: false, name: 'attention', toward: 'positive', against: 'negative', even: 0.5 },
  },
  probabilities: [0.5, null, 0.9],
  weights: { shape: [2, 2], bits: 8, largest: [0.5, 0.9], codes: btoa('\xff\xff\x1c\xff') },
};

test('a moment has the weights and ranks of its own, and the text stays', () => {
  const seen = readSeen(PLAIN);
  const first = seeAt(seen, 0);
  assert.deepEqual(
    first.tokens.map(({ score }) => score),
    [0.5, 0.5],
  );
  const second = seeAt(seen, 1);
  assert.deepEqual(
    second.tokens.map(({ rank, shown }) => [rank, shown]),
    [
      [2, 'good'],
      [1, 'film'],
    ],
  );
  assert.equal(second.scale, seen.text.scale, 'one scale for all moments');
});

test('without attention every moment shows the text as it is', () => {
  const seen = readSeen({ ...PLAIN, weights: null });
  assert.equal(seeAt(seen, 1), seen.text);
});

test('a moment without an answer is left out of the curve', () => {
  assert.deepEqual(traceProbability([0, 0.25, 1], readSeen(PLAIN)), [
    [0, 0.5],
    [1, 0.9],
  ]);
});

test('the axis names whole epochs, at most seven', () => {
  assert.deepEqual(chooseEpochs(0.4), [0]);
  assert.deepEqual(chooseEpochs(3), [0, 1, 2, 3]);
  assert.deepEqual(chooseEpochs(30), [0, 5, 10, 15, 20, 25, 30]);
  assert.deepEqual(chooseEpochs(50.5), [0, 9, 18, 27, 36, 45]);
});
