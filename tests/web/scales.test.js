import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeFull,
  getHue,
  getRamp,
  getStrength,
  listStops,
  nameLowEnd,
  placeEven,
  roundUp,
} from '../../attnviz/web/scales.js';
import { HUES } from './made_text.js';

test('the strength is linear in the score up to the full colour', () => {
  assert.deepEqual(
    [0, 0.1, -0.1, 0.2, 0.4].map((score) => getStrength(score, 0.2)),
    [0, 0.5, 0.5, 1, 1],
  );
  assert.equal(getStrength(0, 0), 0, 'where all scores are 0 nothing is coloured');
});

test('signed scores are blue toward the label and orange against it, weights have one hue', () => {
  assert.deepEqual(
    [0.1, 0, -0.1].map((score) => getHue(score, true, HUES)),
    ['blue', 'blue', 'orange'],
  );
  assert.equal(getHue(-0.1, false, HUES), 'violet');
});

test('the ramp of signed scores is clear in its middle', () => {
  assert.deepEqual(
    listStops(true, HUES).map(({ offset, opacity }) => [offset, opacity]),
    [
      [0, 0.5],
      [0.5, 0],
      [0.5, 0],
      [1, 0.5],
    ],
  );
  assert.match(getRamp(false, HUES), /^linear-gradient\(90deg, color-mix\(in srgb, violet 0%, transparent\) 0%, /);
  assert.deepEqual([nameLowEnd(0.25, true), nameLowEnd(0.25, false)], ['−0.2500', '0']);
});

test('the top of an axis is the first round number that is not exceeded', () => {
  assert.deepEqual(
    [0.05, 0.1, 0.11, 0.9].map((value) => roundUp(value, [0.1, 0.5])),
    [0.1, 0.1, 0.5, 1],
  );
});

test('what the full colour means is said, and an even share has its place on the scale', () => {
  assert.equal(describeFull(0.03, 0.01), 'full colour = 3 times an even share');
  assert.equal(describeFull(0.084, 0.01), 'full colour = 8.4 times an even share');
  assert.equal(describeFull(1, 0.5), 'full colour = all of the attention');
  assert.equal(describeFull(0.25, null), 'full colour = ±0.2500');
  const scale = { full: 0.2, signed: false, name: '', toward: '', against: '', even: 0.05 };
  assert.deepEqual(
    [placeEven(scale, 0.2), placeEven({ ...scale, even: null }, 0.2), placeEven(scale, 0.05)],
    [25, null, null],
  );
});
