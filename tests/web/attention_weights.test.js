import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AttentionWeights, getFullWeight } from '../../attnviz/web/attention_weights.js';
import { describePeak, describeSpread, findPeak } from '../../attnviz/web/heads_sentence.js';
import { nameLow, readHue, toAlpha } from '../../attnviz/web/heat_canvas.js';
import { explainShades, getShades, stretchShades } from '../../attnviz/web/heat_shades.js';

/** @import { PlainWeights, Reduction } from '../../attnviz/web/attention_weights.js' */

/** @type {{ attention: PlainWeights, reductions: (Reduction & { scores: number[], said: string })[] }[]} */
const MADE = JSON.parse(readFileSync(new URL('./reductions.json', import.meta.url), 'utf-8'));

/** @param {number[][][]} weights */
function makeHeads(weights) {
  const bytes = new Uint8Array(Float32Array.from(weights.flat(2)).buffer);
  return new AttentionWeights({
    names: weights.map((_, map) => `head ${map + 1}`),
    shape: [weights.length, weights[0].length, weights[0][0].length],
    weights: btoa(String.fromCharCode(...bytes)),
  });
}

test('every map and query is reduced to what Python reduces it to, and called the same', () => {
  for (const { attention, reductions } of MADE) {
    const weights = new AttentionWeights(attention);
    for (const { scores, said, ...how } of reductions) {
      const own = weights.reduce(how);
      assert.equal(own.length, scores.length);
      own.forEach((score, word) => {
        assert.ok(Math.abs(score - scores[word]) < 1e-7, `${said}: ${score} and ${scores[word]}`);
      });
      if (weights.isMatrix || how.query === null) assert.equal(weights.describe(how), said);
    }
  }
});

test('the rows of a matrix are its queries, the rows of features the features', () => {
  const matrix = makeHeads([
    [
      [1, 0],
      [0.5, 0.5],
    ],
    [
      [0, 1],
      [0.5, 0.5],
    ],
  ]);
  assert.deepEqual(
    matrix.listRows(null).map((row) => [...row]),
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  );
  assert.deepEqual([...matrix.listRows(1)[0]], [0, 1]);
  const features = makeHeads([[[0.25, 0.75]], [[1, 0]]]);
  assert.deepEqual(
    features.listRows(null).map((row) => [...row]),
    [
      [0.25, 0.75],
      [1, 0],
    ],
  );
  assert.deepEqual(features.range, { low: 0, high: 1 });
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

test('all heads have one scale, which is called what it is', () => {
  const even = makeHeads([[[0.25, 0.25, 0.25, 0.25]], [[0.125, 0.375, 0.25, 0.25]]]);
  const one = getShades(even, 2, '#7c5cff');
  assert.deepEqual([one.low, one.full], [0, 0.5]);
  assert.equal(explainShades(even, one, 2), 'full colour: 2 times an even share');
  const sharp = makeHeads([[[0.25, 0.75]], [[0.5, 0.5]]]);
  assert.equal(explainShades(sharp, getShades(sharp, 1, ''), 1), 'full colour: the largest weight of all 2 heads');
  const stretched = stretchShades(even, '#7c5cff');
  assert.deepEqual([stretched.low, stretched.full], [0.125, 0.375]);
  assert.match(explainShades(even, stretched, 2), /^from the least to the largest weight of all 2 heads/);
});

test('the sentences say no more than the numbers', () => {
  const words = ['a', 'great', 'film', '!'];
  assert.equal(
    describeSpread(Float64Array.of(0, 1, 0, 0), words, 1.5),
    'The strongest word, “great”, gets 4.0 times an even share; the attention is spread out as over 1.0 of 4 words.',
  );
  assert.match(
    describeSpread(Float64Array.of(0.25, 0.25, 0.25, 0.25), words, 1.5),
    /1\.0 times .* hardly any .* 4\.0 of 4/,
  );
  const peak = findPeak([Float64Array.of(0.25, 0.75), Float64Array.of(0.1, 0.9)]);
  assert.deepEqual(peak, { row: 1, word: 1, weight: 0.9 });
  assert.match(describePeak(peak, words.slice(0, 2), 'head 2'), /0\.9000, 1\.8 times .*, from head 2 to “great”\.$/);
});
