import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeAnswer, getVerdictHue, placeGauge } from '../../attnviz/web/answer.js';
import { placeBar } from '../../attnviz/web/bars.js';
import { describeMove } from '../../attnviz/web/trail.js';
import { HUES } from './made_text.js';

const TWO = {
  labels: ['negative', 'positive'],
  probabilities: [0.8, 0.2],
  texts: ['0.800', '0.200'],
  target: 1,
  predicted: 0,
  shown: 1,
  name: 'probability that the review is positive',
  said: 'positive with probability 0.200',
  unknown: false,
};
const FOUR = {
  labels: ['1–2', '3–4', '7–8', '9–10'],
  probabilities: [0.1, 0.2, 0.4, 0.3],
  texts: ['0.100', '0.200', '0.400', '0.300'],
  target: 3,
  predicted: 2,
  shown: 2,
  name: 'probability of “7–8”',
  said: '9–10 with probability 0.300',
  unknown: false,
};

test('of two labels the number is that of the explained one, and the verdict the more probable one', () => {
  assert.deepEqual(describeAnswer(TWO), { number: '0.200', verdict: 'negative' });
  assert.equal(getVerdictHue(TWO, HUES), 'orange');
});

test('of more labels number and verdict are those of the most probable one', () => {
  assert.deepEqual(describeAnswer(FOUR), { number: '0.400', verdict: '7–8' });
  assert.equal(getVerdictHue({ ...FOUR, target: 2 }, HUES), 'blue');
});

test('without a word there is no number, and the reason is the verdict', () => {
  const none = { ...TWO, probabilities: null, texts: [], predicted: null, said: 'no answer' };
  assert.deepEqual(describeAnswer(none), { number: '–', verdict: 'no answer' });
});

test('bars of signed scores start in the middle', () => {
  assert.deepEqual(placeBar(-0.5, true), { left: 25, width: 25 });
  assert.deepEqual(placeBar(1, true), { left: 50, width: 50 });
  assert.deepEqual(placeBar(0.5, false), { left: 0, width: 50 });
});

test('a step says by how much it moved the probability, where both are known', () => {
  const probabilities = [0.5, 0.25, null, 0.75];
  assert.deepEqual(
    probabilities.map((_, index) => describeMove(probabilities, index)),
    ['', ' (−0.250)', '', ''],
  );
});

test('the gauge of two labels turns at 0.5, of more labels it starts at 0', () => {
  const place = (/** @type {number} */ positive) => placeGauge({ ...TWO, probabilities: [1 - positive, positive] });
  assert.deepEqual(place(0.75), { left: 50, width: 25 });
  assert.deepEqual(place(0.25), { left: 25, width: 25 });
  assert.deepEqual(placeGauge({ ...TWO, probabilities: null }), { left: 50, width: 0 });
  assert.deepEqual(place(0), { left: 0, width: 50 });
  assert.deepEqual(placeGauge(FOUR), { left: 0, width: 40 });
});

test('of a text of which the network knows no word there is neither a number nor a filled gauge', () => {
  const unknown = { ...TWO, unknown: true, said: 'no verdict: the network knows none of these words' };
  assert.deepEqual(describeAnswer(unknown), { number: '–', verdict: unknown.said });
  assert.equal(placeGauge(unknown).width, 0);
  assert.equal(placeGauge({ ...FOUR, unknown: true }).width, 0);
});
