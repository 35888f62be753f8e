import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../attnviz/web/highlighted_text.js';
import { explainAbsolute } from '../../attnviz/web/legend.js';
import { makeText } from './made_text.js';

const explain = (/** @type {number} */ score, signed = false) =>
  explainAbsolute(readText(makeText({ film: score })).tokens, signed);

test('the absolute scale says what full colour is, and how much of it the strongest reaches', () => {
  assert.match(explain(0.0574), /all of the attention, for every text/);
  assert.match(explain(0.0574), /reaches 5\.7\u00a0% of it\.$/);
  assert.match(explain(-0.6, true), /a change by 1.* reaches 60\.0\u00a0% of it\.$/);
});
