import assert from 'node:assert/strict';
import test from 'node:test';
import { writeExplanation } from '../../attnviz/web/written_explanation.js';

const network = /** @type {any} */ ({
  name: 'luong',
  labels: ['negative', 'positive'],
  target: 1,
  reduction: '',
  targetOf: () => 1,
});

test('places count characters as Python does, halves of one included', () => {
  const text = '😀 good \ud83d bad 😀';
  const reading = {
    text,
    tokens: [
      { word: 'good', start: 3, end: 7, id: 5, known: true },
      { word: 'bad', start: 10, end: 13, id: 2, known: false },
    ],
    truncated: 0,
    probabilities: [0.25, 0.75],
    scores: null,
  };
  const written = writeExplanation(reading, new Float32Array([0.5, 0.5]), 'attention', network);
  const points = [...text];
  const words = written.tokens.map(({ start, end }) => points.slice(start, end).join(''));
  assert.deepEqual(words, ['good', 'bad']);
  assert.deepEqual(written.tokens[1], { text: 'bad', start: 9, end: 12, id: 2, known: false, score: 0.5 });
  assert.deepEqual([written.model, written.target, written.probabilities], ['luong', 1, [0.25, 0.75]]);
});

test('a text without words has no probabilities and no tokens', () => {
  const reading = { text: '?', tokens: [], truncated: 0, probabilities: null, scores: null };
  const written = writeExplanation(reading, [], 'occlusion', network);
  assert.deepEqual([written.probabilities, written.tokens], [null, []]);
});
