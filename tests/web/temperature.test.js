import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeWeights, countEffective, pickScores } from '../../attnviz/web/temperature.js';

/**
 * @param {readonly number[]} found
 * @param {readonly number[]} expected
 */
function assertClose(found, expected) {
  assert.equal(found.length, expected.length);
  for (const [place, value] of expected.entries()) assert.ok(Math.abs(found[place] - value) < 1e-12, `${found}`);
}

test('the weights are the exponentials of the scores by their sum', () => {
  const scores = [[Math.log(1)], [Math.log(2)], [Math.log(5)]];
  assertClose(computeWeights(scores, 1, 0), [1 / 8, 2 / 8, 5 / 8]);
  assertClose(computeWeights(scores, 0.5, 0), [1 / 30, 4 / 30, 25 / 30]);
});

test('without a feature the weights are the mean over the features, each of which sums to 1', () => {
  const scores = [
    [0, Math.log(3)],
    [0, Math.log(1)],
  ];
  assertClose(computeWeights(scores, 1, null), [(1 / 2 + 3 / 4) / 2, (1 / 2 + 1 / 4) / 2]);
  assertClose(computeWeights(scores, 1, 1), [3 / 4, 1 / 4]);
  assertClose(pickScores(scores, null), [Math.log(3) / 2, 0]);
  assertClose(pickScores(scores, 1), [Math.log(3), 0]);
});

test('scores that no exponential could hold give weights', () => {
  assertClose(computeWeights([[1e4], [0]], 0.1, 0), [1, 0]);
});

test('equal weights look at all words, and a single one at one', () => {
  assertClose([countEffective([0.25, 0.25, 0.25, 0.25]), countEffective([0, 1, 0])], [4, 1]);
});
