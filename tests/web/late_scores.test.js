import assert from 'node:assert/strict';
import test from 'node:test';
import { editText } from '../../attnviz/web/edited_text.js';
import { explainSigned } from '../../attnviz/web/explain_reading.js';
import { belongsTo, carryScores, coverReading } from '../../attnviz/web/late_scores.js';
import { openNetwork } from '../../attnviz/web/network.js';
import { makeFile } from './made_network.js';

const GRADIENT = { name: 'gradient', title: 'Gradient', score_name: 'gradient', help: 'What it adds.', signed: true };
/** @type {import('../../attnviz/web/late_scores.js').Asked} */
const ASKED = { method: GRADIENT, target: null, engine: 'python' };
const network = await openNetwork(makeFile());

/**
 * @param {string} typed
 * @param {import('../../attnviz/web/steps.js').Step[]} steps
 */
function read(typed, steps = []) {
  const edited = editText(typed, steps);
  return { reading: network.read(edited.text), reader: network, edited, typed, key: JSON.stringify(steps) };
}

/**
 * What is measured of a text, later.
 *
 * @param {ReturnType<typeof read>} told
 * @param {number[]} scores
 */
function measure({ reading, reader, edited, typed, key }, scores, method = GRADIENT) {
  return { explained: explainSigned(method, reading, reader, scores, edited), typed, key };
}

/** @param {import('../../attnviz/web/explain_reading.js').Explained} explained */
const list = ({ text }) => text.tokens.map((row) => row[4]);

test('before anything was measured the words have no scores, but their attention and the probability', () => {
  const now = read('a fine film');
  const covered = coverReading(null, now, ASKED);
  assert.deepEqual(list(covered), [0, 0, 0]);
  assert.deepEqual(covered.attention?.scores, [...(now.reading.scores ?? [])]);
  assert.equal(covered.probability, now.reading.probabilities?.[1]);
  assert.equal(covered.method, 'gradient');
});

test('a newer text keeps the scores of the words around what was typed, and the scale that they had', () => {
  const late = measure(read('a fine film'), [0.1, -0.4, 0.2]);
  const now = read('a dull film');
  const covered = coverReading(late, now, ASKED);
  assert.deepEqual(list(covered), [0.1, 0, 0.2]);
  assert.equal(covered.text.scale.full, 0.4);
  assert.equal(covered.probability, now.reading.probabilities?.[1], 'that of the newer text');
  assert.deepEqual(covered.attention?.scores, [...(now.reading.scores ?? [])]);
  assert.ok(!belongsTo(late, now, ASKED));
});

test('the answer to the very text is shown as it came', () => {
  const now = read('a fine film');
  const late = measure(now, [0.1, -0.4, 0.2]);
  assert.ok(belongsTo(late, now, ASKED));
  assert.deepEqual(coverReading(late, now, ASKED), late.explained);
});

test('an answer about other steps, another method or another label is not the one that is waited for', () => {
  const now = read('a fine film');
  const late = measure(now, [0.1, -0.4, 0.2]);
  assert.ok(!belongsTo(late, read('a fine film', [[2, 6, '']]), ASKED));
  assert.ok(!belongsTo(late, now, { ...ASKED, method: { ...GRADIENT, name: 'occlusion' } }));
  assert.ok(!belongsTo(late, now, { ...ASKED, target: 0 }));
  assert.ok(belongsTo(late, now, { ...ASKED, target: 1 }));
});

test('until another method has answered the scores on the screen bear the name of their own', () => {
  const now = read('a fine film');
  const covered = coverReading(measure(now, [0.1, -0.4, 0.2]), now, {
    ...ASKED,
    method: { ...GRADIENT, name: 'occlusion', title: 'Leave a word out' },
  });
  assert.deepEqual([covered.method, covered.method_title], ['gradient', 'Gradient']);
});

test('the scores of another network are nothing to this one', () => {
  const late = measure(read('a fine film'), [0.1, -0.4, 0.2]);
  const other = { ...late, explained: { ...late.explained, model: 'another' } };
  assert.deepEqual(list(coverReading(other, read('a fine film'), ASKED)), [0, 0, 0]);
});

test('a word that is left out has no score, and the others keep theirs', () => {
  const late = measure(read('a fine film'), [0.1, -0.4, 0.2]);
  const covered = coverReading(late, read('a fine film', [[2, 6, '']]), ASKED);
  assert.deepEqual(
    covered.text.tokens.map((row) => [row[4], row[7]]),
    [
      [0.1, 'read'],
      [0, 'left out'],
      [0.2, 'read'],
    ],
  );
});

test('no word takes its score from two places', () => {
  const before = measure(read('fine fine'), [0.1, 0.2]).explained.text.tokens;
  const words = (/** @type {string} */ text) => ({ tokens: text.split(' ').map((word) => ({ word })) });
  assert.deepEqual([...carryScores(before, words('fine'))], [0.1]);
  assert.deepEqual([...carryScores(before, words('fine fine fine'))], [0.1, 0.2, 0]);
  assert.deepEqual([...carryScores([], words('fine'))], [0]);
});
