import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBelow } from '../../attnviz/web/head_choice.js';
import { findRow, pick } from '../../attnviz/web/heat_map.js';
import { HeatZoom, listSizes, placeSpan } from '../../attnviz/web/heat_zoom.js';
import { listStarts, MapBlock } from '../../attnviz/web/map_block.js';
import { MapStore } from '../../attnviz/web/map_store.js';
import { count, unpack } from '../../attnviz/web/packed.js';
import { pickBars } from '../../attnviz/web/received_bars.js';
import { MEAN } from '../../attnviz/web/reduction.js';
import { describeLines, pickTargets } from '../../attnviz/web/token_lines.js';

const row = (/** @type {number[]} */ ...weights) => Float64Array.from(weights);

/**
 * A matrix in 8 bits, one scale a row.
 *
 * @param {number} rows
 * @param {number} columns
 * @returns {import('../../attnviz/web/packed.js').Packed}
 */
const pack = (rows, columns) => ({
  shape: [rows, columns],
  bits: 8,
  largest: Array(rows).fill(255),
  codes: btoa(String.fromCharCode(...count(rows * columns).map((place) => place % 256))),
});

test('codes are numbers again, of 8 or 16 bits, each row in its own scale', () => {
  const codes = (/** @type {number[]} */ ...bytes) => btoa(String.fromCharCode(...bytes));
  const small = unpack({ shape: [2, 2], bits: 8, largest: [1, 0.5], codes: codes(0, 255, 255, 51) });
  assert.deepEqual(
    small.map((one) => [...one]),
    [
      [0, 1],
      [0.5, 0.1],
    ],
  );
  const [large] = unpack({ shape: [1, 2], bits: 16, largest: [65535], codes: codes(1, 0, 0, 1) });
  assert.deepEqual([...large], [1, 256]);
});

test('a block of means knows which of them stands for a word', () => {
  const starts = [0, 2, 5, 7]; // of 4 blocks over 10 words, as Python has it: place i * 10 // 4
  const block = new MapBlock(
    [0, 10],
    [0, 10],
    count(4).map((one) => row(...count(4).map((two) => one * 4 + two))),
  );
  assert.equal(block.isExact, false);
  for (const word of count(10)) {
    const own = starts.findLastIndex((start) => start <= word);
    assert.equal(block.at(word, 0), own * 4);
    assert.equal(block.at(0, word), own);
  }
  assert.deepEqual([...block.crop({ rows: [4, 6], columns: [1, 3] }).flatMap((one) => [...one])], [4, 5, 8, 9]);
});

test('a part of a map holds its own words only', () => {
  const block = new MapBlock([2, 4], [5, 8], [row(1, 2, 3), row(4, 5, 6)]);
  assert.equal(block.isExact, true);
  assert.equal(block.at(3, 5), 4);
  assert.equal(block.holds({ rows: [2, 3], columns: [6, 8] }), true);
  assert.equal(block.holds({ rows: [1, 3], columns: [6, 8] }), false);
});

test('a picture of many words has 512 pixels a side', () => {
  assert.deepEqual(listStarts([3, 6]), [3, 4, 5]);
  const starts = listStarts([0, 1000]);
  assert.deepEqual([starts.length, starts[1], starts[511]], [512, 1, 998]);
  assert.deepEqual(
    [pick([3, 6], 0), pick([3, 6], 0.99), pick([3, 6], 1), pick([3, 6], -0.1)],
    [3, 5, undefined, undefined],
  );
  assert.deepEqual(pickBars(row(...count(1000)), [0, 1000]).slice(-1), [999], 'the largest of the words of a pixel');
});

test('looking nearer keeps the cell in sight and stays inside the map', () => {
  assert.deepEqual(listSizes(200), [200, 128, 64, 32, 16]);
  assert.deepEqual(listSizes(12), [12]);
  assert.deepEqual(placeSpan(200, 64, 0), [0, 64]);
  assert.deepEqual(placeSpan(200, 64, 199), [136, 200]);
  const zoom = new HeatZoom();
  zoom.fit(200, 200, true);
  assert.equal(zoom.zoom(-1, null), false, 'there is nothing farther than all');
  assert.equal(zoom.zoom(2, { row: 10, column: 150 }), true);
  assert.deepEqual(zoom.frame, { rows: [0, 64], columns: [118, 182] });
  zoom.reveal({ row: 70 });
  assert.deepEqual(zoom.frame, { rows: [7, 71], columns: [118, 182] });
  zoom.fit(200, 200, true);
  assert.equal(zoom.level, 2, 'another head of the same text is seen from as near');
  zoom.fit(80, 80, true);
  assert.deepEqual(zoom.frame, { rows: [0, 80], columns: [0, 80] });
  zoom.fit(64, 200, false);
  zoom.zoom(3, { row: 1, column: 1 });
  assert.deepEqual(zoom.frame, { rows: [0, 64], columns: [0, 32] }, 'rows that are no words stay in sight');
});

test('keys lead from row to row, and from layer to layer', () => {
  assert.deepEqual([findRow('ArrowDown', null, 5), findRow('ArrowUp', 0, 5), findRow('PageDown', 1, 5)], [0, null, 5]);
  assert.deepEqual([findRow('End', null, 5), findRow('Escape', 3, 5), findRow('a', 3, 5)], [5, null, undefined]);
  const sizes = [2, 3, 3]; // mean and rollout, then two layers
  assert.deepEqual([findBelow(sizes, 0, 1), findBelow(sizes, 3, 1), findBelow(sizes, 4, -1)], [2, 6, 1]);
  assert.deepEqual([findBelow(sizes, 7, 1), findBelow(sizes, 1, -1)], [7, 1], 'the last layer has none under it');
});

test('only what is not here is asked for', () => {
  const store = new MapStore();
  const [whole, part] = [
    { rows: /** @type {[number, number]} */ ([0, 3]), columns: /** @type {[number, number]} */ ([0, 3]) },
    { rows: /** @type {[number, number]} */ ([0, 2]), columns: /** @type {[number, number]} */ ([1, 3]) },
  ];
  assert.deepEqual(store.listMissing(MEAN, whole, 3), { how: MEAN, rows: null, tokens: null });
  store.add([{ how: MEAN, rows: [0, 3], tokens: [0, 3], weights: pack(3, 3), scores: pack(1, 3) }]);
  assert.equal(store.listMissing({ ...MEAN, query: 2 }, whole, 3), null);
  assert.equal(store.listMissing(MEAN, part, 3), null);
  assert.deepEqual([...(store.findRow({ ...MEAN, query: 2 }, 3) ?? [])], [6, 7, 8]);
  const head = { ...MEAN, map: 0 };
  store.add([{ how: head, rows: [0, 3], tokens: [0, 3], weights: pack(2, 2), scores: pack(1, 3) }]);
  assert.equal(store.listMissing(head, whole, 3), null, 'of a long text the whole comes in blocks');
  assert.deepEqual(store.listMissing(head, part, 3), { how: head, rows: [0, 2], tokens: [1, 3] });
  assert.deepEqual(store.listMissing({ ...head, query: 1 }, whole, 3)?.how.query, 1, 'the row of a word by itself');
});

test('the oldest of many large maps are forgotten', () => {
  const store = new MapStore();
  const one = pack(1, 1);
  /** @type {import('../../attnviz/web/packed.js').Packed} */
  const weights = { shape: [2000, 2000], bits: 8, largest: [1], codes: btoa('\0'.repeat(4_000_000)) };
  count(3).forEach((map) => {
    store.add([{ how: { ...MEAN, map }, rows: [0, 2000], tokens: [0, 2000], weights, scores: one }]);
  });
  assert.deepEqual([...store.blocks.keys()], ['2//'], 'two of 4,000,000 weights are too many');
});

test('lines go to the strongest words that get an even share or more, never to the word that asks', () => {
  const lines = pickTargets(row(0.4, 0.3, 0.25, 0.05), 0);
  assert.deepEqual(
    lines.targets.map(({ word }) => word),
    [1, 2],
  );
  assert.match(
    describeLines(lines, 0.3),
    /^Lines go to the 2 words .* 55\.0\u00a0% of .*; 40\.0\u00a0% stays with the word itself/,
  );
  assert.match(describeLines(pickTargets(row(1, 0), 0), 1), /^No other word gets an even share/);
  const many = pickTargets(row(...count(40).map(() => 1 / 40)), 5);
  assert.equal(many.targets.length, 12);
});
