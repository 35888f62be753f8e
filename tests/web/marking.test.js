import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countMarks, isEnough, sortMarks } from '../../attnviz/web/marking.js';

test('marks are given in order of the text', () => {
  assert.deepEqual(sortMarks(new Set([10, 9, 2])), [2, 9, 10]);
});

test('there is something to find only between no word and all', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((marked) => isEnough(marked, 3)),
    [false, true, true, false],
  );
});

test('the count says what to do next', () => {
  assert.match(countMarks(0, 3, false), /^0 of 3 words marked\. Click a word/);
  assert.match(countMarks(3, 3, false), /leave at least one unmarked/);
  assert.match(countMarks(2, 1200, true), /^You marked 2 of 1,200 words; they are underlined/);
});
