import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeToken,
  findStrongest,
  joinText,
  nameUnknown,
  readText,
  scoreAnew,
  sumUp,
} from '../../attnviz/web/highlighted_text.js';
import { makeText } from './made_text.js';

test('head, gaps and words are the whole text', () => {
  const plain = makeText({ a: 0.2, great: 0.5, film: 0.3 });
  assert.equal(joinText(readText({ ...plain, head: 'unread, ' })), 'unread, a great film.');
  assert.equal(joinText(readText({ ...plain, tail: ' unread' })), 'a great film. unread');
  assert.equal(joinText(readText({ ...plain, tokens: [], gaps: ['?!'] })), '?!');
});

test('a row becomes a word with names for its parts', () => {
  const [, great] = readText(makeText({ a: 0.2, great: 0.5 })).tokens;
  assert.deepEqual(great, {
    shown: 'great',
    word: 'great',
    start: 2,
    end: 7,
    score: 0.5,
    rank: 1,
    known: true,
    state: 'read',
  });
});

test('a word that is left out counts neither for the sum nor among the strongest', () => {
  const plain = makeText({ a: -0.2, great: 0.5, film: 0.3 });
  plain.tokens[1] = ['great', 'great', 2, 7, 0, 0, true, 'left out'];
  plain.tokens[2][5] = 1;
  plain.tokens[0][5] = 2;
  const { tokens } = readText(plain);
  assert.deepEqual(sumUp(tokens), { count: 2, total: 0.5 });
  assert.deepEqual(
    findStrongest(tokens, 10).map(({ word }) => word),
    ['film', 'a'],
  );
  assert.deepEqual(
    findStrongest(tokens, 1).map(({ word }) => word),
    ['film'],
  );
});

test('a text with other scores has other ranks, equal scores in order of the text', () => {
  const { tokens } = scoreAnew(readText(makeText({ a: 0.6, great: 0.3, film: 0.1 })), Float64Array.of(0.2, 0.4, 0.4));
  assert.deepEqual(
    tokens.map(({ word, score, rank }) => [word, score, rank]),
    [
      ['a', 0.2, 3],
      ['great', 0.4, 1],
      ['film', 0.4, 2],
    ],
  );
});

test('the label of a word says its score, rank, and what is special about it', () => {
  const [token] = readText(makeText({ great: 0.25 })).tokens;
  const all = { count: 3, total: 0.5 };
  assert.equal(describeToken(token, false, all), '0.2500, rank 1 of 3');
  assert.equal(describeToken(token, true, all), '+0.2500, 50.0\u00a0% of all, rank 1 of 3');
  assert.equal(describeToken({ ...token, score: -0.25 }, true, all), '−0.2500, 50.0\u00a0% of all, rank 1 of 3');
  assert.equal(describeToken(token, true, { count: 3, total: 0 }), '+0.2500, rank 1 of 3');
  const replaced = describeToken({ ...token, known: false, state: 'replaced' }, false, all);
  assert.equal(replaced, '0.2500, rank 1 of 3, unknown to the network, put in by you');
  assert.equal(describeToken({ ...token, state: 'left out' }, false, all), 'left out');
  assert.equal(nameUnknown(token), '');
});

test('a word that is read several times is one group, that of its strongest place', () => {
  const plain = makeText({ film: 0.2, great: -0.5, end: 0.1 });
  plain.tokens[2] = ['Film', 'film', 11, 15, 0.1, 3, true, 'read'];
  const groups = findStrongest(readText(plain).tokens, 10);
  assert.deepEqual(
    groups.map(({ word, score, count }) => [word, score, count]),
    [
      ['great', -0.5, 1],
      ['film', 0.2, 2],
    ],
  );
  assert.ok(Math.abs(groups[1].total - 0.3) < 1e-12);
});
