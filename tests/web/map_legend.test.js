import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listMeanings } from '../../attnviz/web/map_legend.js';
import { makeText } from './made_text.js';

/** @import { Cell, Empty } from '../../attnviz/web/map_cell.js' */
/** @import { PlainText } from '../../attnviz/web/highlighted_text.js' */

const cellOf = (/** @type {PlainText} */ text) => /** @type {Cell} */ (/** @type {unknown} */ ({ text }));
const legendOf = (/** @type {(Cell | Empty)[]} */ cells, /** @type {number[]} */ outlined = []) =>
  listMeanings({ cells, outlined, outline: 'framed', even_shares: 3 });

test('only what is on the screen is explained', () => {
  const empty = { name: 'bilstm', detail: '', label: '', empty: 'no attention' };
  assert.deepEqual(legendOf([empty]), [['marked', 'the word that you point at, in every map']]);
  const weights = legendOf([cellOf(makeText({ a: 0.5 }))], [3]).map(([kind]) => kind);
  assert.deepEqual(weights, ['ramp', 'outlined', 'marked']);
});

test('signed scores name the labels that they speak for, each pair once', () => {
  const signed = cellOf(makeText({ a: 0.5 }, { signed: true }));
  const other = cellOf(makeText({ a: 0.5 }, { signed: true, toward: '9–10 stars', against: 'other classes' }));
  const [[kind, meaning]] = legendOf([signed, signed, other]);
  assert.equal(kind, 'ramp signed');
  const first = 'orange toward negative, blue toward positive';
  const second = 'orange toward other classes, blue toward 9–10 stars';
  assert.equal(meaning, `${first}; ${second}; up to the map’s largest score`);
});

test('unknown and unread words are explained where there are any', () => {
  const text = makeText({ a: 0.5, zzyzx: 0.2 });
  text.tokens[1][6] = false;
  for (const unread of [{ truncated: 2 }, { truncated_end: 2 }]) {
    const kinds = legendOf([cellOf({ ...text, ...unread })]).map(([kind]) => kind);
    assert.deepEqual(kinds, ['ramp', 'unknown', 'unread', 'marked']);
  }
});
