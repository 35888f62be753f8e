import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AttentionSketch } from '../../attnviz/web/attention_sketch.js';
import { describeMeasures, describePeak, describeSpread, findPeak } from '../../attnviz/web/heads_sentence.js';
import { nameLow, readHue, toAlpha } from '../../attnviz/web/heat_canvas.js';
import { explainShades, getFullWeight, getShades, stretchShades } from '../../attnviz/web/heat_shades.js';
import { MapStore } from '../../attnviz/web/map_store.js';
import { countMaps, MEAN } from '../../attnviz/web/reduction.js';

/** @import { PlainSketch } from '../../attnviz/web/attention_sketch.js' */
/** @import { PlainRows } from '../../attnviz/web/map_store.js' */
/** @import { Reduction } from '../../attnviz/web/reduction.js' */

/** @typedef {{ how: Reduction, scores: number[], said: string }} Made */
/** @type {{ sketch: PlainSketch, rows: PlainRows[], reductions: Made[] }[]} */
const MADE = JSON.parse(readFileSync(new URL('./reductions.json', import.meta.url), 'utf-8'));

/** @param {number} place */
function read(place) {
  const { sketch, rows } = MADE[place];
  const store = new MapStore();
  store.add(rows);
  return { sketch: new AttentionSketch(sketch), store };
}

test('every map and query is reduced to what Python reduces it to, and called the same', () => {
  MADE.forEach(({ reductions }, place) => {
    const { sketch, store } = read(place);
    for (const { how, scores, said } of reductions) {
      if (how.query !== null && !sketch.isMatrix) continue;
      const own = how.query === null ? sketch.receive(how) : store.findRow(how, sketch.words);
      assert.equal(own?.length, scores.length);
      scores.forEach((score, word) => {
        assert.ok(Math.abs(score - (own?.[word] ?? 0)) < 2e-5, `${said}: ${own?.[word]} and ${score}`);
      });
      assert.equal(sketch.describe(how), said);
    }
  });
});

test('one layer has its heads in a line, several layers have one each, with their mean', () => {
  const [one, , several] = MADE.map(({ sketch }) => new AttentionSketch(sketch));
  const names = (/** @type {AttentionSketch} */ sketch) =>
    sketch.listGroups().map(({ name, choices }) => [name, ...choices.map((how) => sketch.nameShort(how, true))]);
  assert.deepEqual(names(one), [['', 'mean', '1', '2']]);
  assert.deepEqual(names(several), [
    ['', 'mean', 'rollout'],
    ['layer 1', 'mean', '1', '2'],
    ['layer 2', 'mean', '1', '2'],
  ]);
  assert.equal(countMaps(several), '2 layers × 2 heads');
  assert.equal(
    countMaps({ names: ['layer 1, head 1', 'layer 1, head 2', 'layer 2'], layers: ['a', 'a', 'b'] }),
    '3 maps of 2 layers',
  );
});

test('the picture of a mean is the mean of the pictures, and stands in for the map', () => {
  const { sketch, store } = read(0);
  const block = sketch.standIn(MEAN);
  const exact = store.find(MEAN);
  assert.ok(block.isExact && exact?.isExact);
  for (const row of [0, 1, 2]) {
    for (const column of [0, 1, 2]) assert.ok(Math.abs(block.at(row, column) - exact.at(row, column)) < 3e-3);
  }
});

test('the full colour is that of the largest weight, and of 3 even shares at least', () => {
  assert.equal(getFullWeight(0.2, 100, 3), 0.2);
  assert.equal(getFullWeight(0.011, 100, 3), 0.03);
  assert.equal(getFullWeight(0.6, 2, 3), 1, 'a share is never more than 1');
});

test('the colour is linear in the weight between the ends of the scale', () => {
  assert.deepEqual(
    [0, 0.1, 0.2, 0.4].map((weight) => toAlpha(weight, { low: 0, full: 0.2 })),
    [0, 128, 255, 255],
  );
  assert.deepEqual(
    [0.25, 0.5, 0.75].map((weight) => toAlpha(weight, { low: 0.25, full: 0.75 })),
    [0, 128, 255],
  );
  assert.equal(toAlpha(0.5, { low: 0.5, full: 0.5 }), 0, 'where all weights are equal nothing stands out');
  assert.deepEqual(readHue('#7c5cff'), [124, 92, 255]);
  assert.deepEqual([nameLow(0), nameLow(0.01)], ['0', '0.0100']);
});

test('a scale is called what it is', () => {
  const range = { low: 0.125, high: 0.375 };
  const one = getShades(range.high, 4, 2, '#7c5cff');
  assert.deepEqual([one.low, one.full], [0, 0.5]);
  assert.equal(explainShades(one, range, 'all 2 heads', 2), 'full colour: 2 times an even share');
  const sharp = getShades(0.75, 2, 1, '');
  const said = explainShades(sharp, { low: 0.25, high: 0.75 }, 'all 2 heads', 1);
  assert.equal(said, 'full colour: the largest weight of all 2 heads');
  const stretched = stretchShades([Float64Array.of(0.125, 0.375), Float64Array.of(0.25, 0.25)], '#7c5cff');
  assert.deepEqual([stretched.low, stretched.full], [0.125, 0.375]);
  assert.match(explainShades(stretched, range, 'all 2 heads', 2), /^from the least to the largest weight of this map/);
});

test('the sentences say no more than the numbers', () => {
  const words = ['a', 'great', 'film', '!'];
  assert.equal(
    describeSpread(Float64Array.of(0, 1, 0, 0), words, 1.5),
    'The strongest word, “great”, gets 4.0 times an even share; the attention is spread over about 1 of 4 words.',
  );
  assert.match(
    describeSpread(Float64Array.of(0.25, 0.25, 0.25, 0.25), words, 1.5),
    /1\.0 times .* hardly any .* about 4 of 4/,
  );
  const peak = findPeak([Float64Array.of(0.25, 0.75), Float64Array.of(0.1, 0.9)]);
  assert.deepEqual(peak, { row: 1, word: 1, weight: 0.9 });
  assert.match(describePeak(peak, words.slice(0, 2), 'head 2'), /0\.9000, 1\.8 times .*, from head 2 to “great”\.$/);
  assert.match(describeMeasures(0.5, null), /0\.50 \(1: an even share, 0: a single word\)\.$/);
  assert.match(describeMeasures(0.5, 1e-5), / Less than 0\.1\u00a0% of the attention went/);
  assert.match(describeMeasures(0.5, 0.125), /12\.5\u00a0% of the attention went to steps that are no words/);
});
