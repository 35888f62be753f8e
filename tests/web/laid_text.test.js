import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editText } from '../../attnviz/web/edited_text.js';
import { joinText, readText } from '../../attnviz/web/highlighted_text.js';
import { carryOver, countPoints, countUnits, layOut } from '../../attnviz/web/laid_text.js';

/** @import { HighlightedText } from '../../attnviz/web/highlighted_text.js' */

const SCALE = { full: 1, signed: false, name: 'weight', toward: 'a', against: 'b' };

/** @param {string} text */
function explain(text) {
  const tokens = [...text.matchAll(/\w+/g)].map(({ 0: word, index }, rank) => {
    const start = countPoints(text.slice(0, index));
    return {
      shown: word,
      word,
      start,
      end: start + word.length,
      score: 0.5,
      rank: rank + 1,
      known: true,
      state: 'read',
    };
  });
  const gaps = text.split(/\w+/);
  return /** @type {HighlightedText} */ ({ head: '', truncated: 0, tokens, gaps, scale: SCALE, tail: '' });
}

test('offsets of Python are those of JavaScript once pairs are counted', () => {
  const toUnits = countUnits('a😀b👍c');
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(toUnits), [0, 1, 3, 4, 6, 7]);
  assert.equal(countPoints('a😀b👍c'), 5);
  assert.equal(countPoints('\ud83d lone'), 6);
});

for (const [before, now, words] of [
  ['a great film', 'a great film!', ['a', 'great', 'film']],
  ['a great film', 'a really great film', ['a', 'great', 'film']],
  ['a great film', 'a film', ['a', 'film']],
  ['a great film', '', []],
  ['a great film', '😀 a great film', ['a', 'great', 'film']],
  ['word word word', 'word word', ['word', 'word']],
]) {
  test(`what is known of “${before}” is carried over to “${now}”`, () => {
    const laid = carryOver(explain(/** @type {string} */ (before)), /** @type {string} */ (now));
    assert.equal(joinText(laid), now);
    assert.deepEqual(
      laid.tokens.map(({ shown }) => shown),
      words,
    );
    const points = Array.from(/** @type {string} */ (now));
    for (const { shown, start, end } of laid.tokens) assert.equal(points.slice(start, end).join(''), shown);
  });
}

test('a word that is replaced keeps its letters and is one token, whatever is read there', () => {
  const read = explain('a truly great film');
  for (const token of read.tokens.slice(1, 3)) Object.assign(token, { start: 2, end: 8, state: 'replaced' });
  Object.assign(read.tokens[3], { start: 9, end: 13 });
  const laid = layOut(read, 'a boring film');
  assert.equal(joinText(laid), 'a boring film');
  assert.deepEqual(
    laid.tokens.map(({ shown, word, score }) => [shown, word, score]),
    [
      ['a', 'a', 0.5],
      ['boring', 'truly great', 1],
      ['film', 'film', 0.5],
    ],
  );
});

test('a line break of Windows is one letter, as in the text box', () => {
  const text = readText({ ...explain('a'), tokens: [], gaps: ['one\r\ntwo\rthree'] });
  assert.equal(joinText(layOut(text, null)), 'one\ntwo\nthree');
});

test('of steps that overlap the last one counts, and null brings a word back', () => {
  assert.equal(editText('a boring film', [[2, 8, 'good']]).text, 'a good film');
  const back = editText('a boring film', [
    [2, 8, ''],
    [2, 8, null],
  ]);
  assert.deepEqual([back.text, back.changes], ['a boring film', []]);
  assert.deepEqual(editText('😀 bad film', [[2, 5, '👍👍']]).changes, [[2, 5, 2, 4]]);
  assert.equal(editText('short', [[2, 80, '']]).text, 'short');
});
