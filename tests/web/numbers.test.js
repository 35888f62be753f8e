import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findNearest,
  formatChange,
  formatCount,
  formatDigits,
  formatNumber,
  formatPercent,
  formatProbability,
  formatScore,
} from '../../attnviz/web/numbers.js';

test('a probability is never rounded to certainty', () => {
  const written = [0, 0.0004, 0.0005, 0.5, 0.9994, 0.9996, 1].map(formatProbability);
  assert.deepEqual(written, ['< 0.001', '< 0.001', '0.001', '0.500', '0.999', '> 0.999', '> 0.999']);
});

test('where there is no probability, there is no answer', () => {
  assert.equal(formatProbability(null), 'no answer');
});

test('scores with a sign have it always', () => {
  assert.deepEqual(
    [formatScore(0.1, true), formatScore(-0.1, true), formatScore(0.1, false)],
    ['+0.1000', '−0.1000', '0.1000'],
  );
  assert.deepEqual([formatChange(0.1), formatChange(-0.1)], ['+0.100', '−0.100']);
});

test('counts and digits as in English', () => {
  assert.deepEqual([formatCount(19_800), formatDigits(0.1258, 3), formatDigits(10, 2)], ['19,800', '0.126', '10']);
});

test('the nearest of some values, the first of equally near ones', () => {
  assert.equal(findNearest([0, 10, 20], 14), 1);
  assert.equal(findNearest([0, 10, 20], 5), 0);
  assert.equal(findNearest([3], -100), 0);
});

test('ties are rounded to the even digit, as Python does', () => {
  assert.deepEqual(
    [formatNumber(0.0625, 3), formatNumber(0.1875, 3), formatNumber(1.25, 1), formatNumber(-1.25, 1)],
    ['0.062', '0.188', '1.2', '−1.2'],
  );
});

test('what rounds to 0 has no sign', () => {
  assert.deepEqual(
    [formatNumber(-0.0004, 3), formatNumber(-0, 1), formatPercent(-0.0001)],
    ['0.000', '0.0', '0.0\u00a0%'],
  );
});

test('a share is written in percent, and no line break parts it', () => {
  assert.deepEqual([formatPercent(0.1234), formatPercent(-0.5, 0)], ['12.3\u00a0%', '−50\u00a0%']);
});
