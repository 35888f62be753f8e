import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCurve, describePoint, findTurns, moveByKey } from '../../attnviz/web/reading_curve.js';

const tokens = ['a', 'great', 'but', 'boring', 'film'].map((word) => ({ word }));

test('a turn lies between two points with a number on either side of 0.5', () => {
  assert.deepEqual(findTurns([0.4, 0.5, 0.9, 0.49, 0.1]), [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(findTurns([0.9, null, Number.NaN, 0.1]), [[0, 3]], 'over a gap');
  assert.deepEqual(findTurns([]), []);
});

test('a point says its word and its probability, never as certainty', () => {
  const curve = { probabilities: [0.6, 0.9, 0.8, 0.31, null], tokens, label: 'positive', forward: true };
  assert.equal(describePoint(curve, 3), 'after “boring”: 0.310');
  assert.equal(describePoint(curve, 4), 'after “film”: no answer');
  assert.equal(describePoint({ ...curve, tokens: [{ word: 'a', shown: 'A<b>' }] }, 0), 'after “A<b>”: 0.600');
  assert.equal(describePoint({ ...curve, probabilities: [0.6, 1], counts: [1, 5] }, 1), 'after “film”: > 0.999');
});

test('the note counts the crossings and says what was left out', () => {
  const curve = { probabilities: [0.6, 0.9, 0.4, 0.31, 0.2], tokens, label: 'positive', forward: true };
  assert.match(describeCurve(curve), /^It crosses 0\.5 once\. .*only how it weighs them/);
  assert.match(describeCurve({ ...curve, forward: false }), /may read the same ones differently/);
  assert.match(describeCurve({ ...curve, probabilities: [0.6, 0.2], counts: [1, 5] }), /^2 of 5 beginnings were read/);
  assert.match(describeCurve({ ...curve, probabilities: [0.6, 0.7] }), /among them it never crosses/);
});

test('keys stay on the curve', () => {
  assert.equal(moveByKey('ArrowLeft', 0, 9), 0);
  assert.equal(moveByKey('ArrowUp', 3, 9), 4);
  assert.equal(moveByKey('PageUp', 3, 9), 9);
  assert.equal(moveByKey('Home', 5, 9), 0);
  assert.equal(moveByKey('End', 5, 9), 9);
  assert.equal(moveByKey('x', 5, 9), null);
});
