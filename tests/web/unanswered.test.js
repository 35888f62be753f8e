import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unanswered } from '../../attnviz/web/unanswered.js';

/** @type {import('../../attnviz/web/unanswered.js').Question} */
const ASKED = { text: 'a dull film', steps: [[2, 6, '']], at: 1, revision: 3 };
const KNOWN = { session: 'one', text: 'a dull film', steps: [], at: 0, revision: 3 };

function note() {
  const unanswered = new Unanswered(() => {});
  unanswered.note('one', ASKED);
  return unanswered;
}

test('changed words that Python does not know of are found again, in the same session only', () => {
  const unanswered = note();
  assert.deepEqual(unanswered.find(KNOWN, true), ASKED);
  assert.equal(unanswered.find({ ...KNOWN, session: 'two' }, true), null);
});

test('what Python knows is not asked again, with or without an answer', () => {
  assert.equal(note().find({ ...ASKED, session: 'one' }, true), null);
  const unanswered = note();
  unanswered.settle('one');
  assert.equal(unanswered.find(KNOWN, true), null);
});

test('of a text and a newer one, that counts which the reader chose or typed last', () => {
  const newer = { ...KNOWN, text: 'an example', revision: 4 };
  assert.deepEqual(note().find(newer, true), ASKED);
  assert.equal(note().find(newer, false), null);
});
