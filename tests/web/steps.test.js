import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Steps } from '../../attnviz/web/steps.js';

function makeSteps() {
  const steps = new Steps();
  steps.start(
    [
      [3, 7, ''],
      [9, 12, 'dull'],
      [3, 7, null],
    ],
    2,
  );
  return steps;
}

test('only the steps up to the present one are read, the last of a word counts', () => {
  const steps = makeSteps();
  assert.deepEqual(
    [...steps.reads],
    [
      [3, ''],
      [9, 'dull'],
    ],
  );
  steps.at = 3;
  assert.equal(steps.reads.get(3), null);
});

test('another step takes the place of those that were undone', () => {
  const steps = makeSteps();
  steps.at = 1;
  assert.equal(steps.add([13, 16, ''], 10), true);
  assert.deepEqual(steps.all, [
    [3, 7, ''],
    [13, 16, ''],
  ]);
  assert.equal(steps.at, 1, 'it does not count yet');
});

test('where there is no room nothing changes', () => {
  const steps = makeSteps();
  assert.equal(steps.add([13, 16, ''], 3), false);
  assert.equal(steps.all.length, 3);
});

test('one goes to another step that there is', () => {
  const found = [-1, 0, 2, 3, 4].filter((at) => makeSteps().leadsTo(at));
  assert.deepEqual(found, [0, 3]);
});

test('the key is that of what Python sends back', () => {
  const steps = makeSteps();
  assert.equal(steps.key, JSON.stringify([steps.all, 2]));
});
