import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capitalise, countWords, cutWord } from '../../attnviz/web/words.js';

test('words are counted, cut to a length, and begin a sentence', () => {
  assert.deepEqual([countWords(1), countWords(2_000)], ['1 word', '2,000 words']);
  assert.deepEqual([cutWord('wonderful', 9), cutWord('wonderful', 5)], ['wonderful', 'wond…']);
  assert.deepEqual(
    [capitalise('probability of “öde”'), capitalise('öde'), capitalise('')],
    ['Probability of “öde”', 'Öde', ''],
  );
});
