import assert from 'node:assert/strict';
import { test } from 'node:test';

import { STEPS } from '../../attnviz/web/tour_steps.js';

/** @param {Partial<import('../../attnviz/web/tour_steps.js').Seen>} [changes] */
const seen = (changes) => ({
  typed: false,
  probability: 0.2,
  out: [],
  shares: new Map([['waste', 0.057]]),
  ...changes,
});
const [type, leave, compare, lab] = STEPS;

test('a step says nothing before what it asks for has happened', () => {
  for (const step of STEPS) assert.equal(step.look(seen(), seen()), '');
});

test('a letter is what the first step waits for', () => {
  assert.notEqual(type.look(seen(), seen({ typed: true })), '');
});

test('a word that is left out has the answer before and after it', () => {
  const said = leave.look(seen(), seen({ out: ['waste'], probability: 0.75 }));
  assert.equal(said, 'Without it the probability went from 0.200 to 0.750.');
});

test('the share of the attention is that of the word that was left out last', () => {
  const said = compare.look(seen({ out: ['plot'] }), seen({ out: ['plot', 'waste'], probability: 0.75 }));
  assert.match(said, /^“waste” had 5\.7\u00a0% of the attention\. Without it .* 0\.750\.$/);
});

test('where the scores are no attention, none is claimed', () => {
  const said = compare.look(seen({ shares: new Map() }), seen({ shares: new Map(), out: ['waste'] }));
  assert.doesNotMatch(said, /attention/);
});

test('bringing a word back is no news', () => {
  for (const step of [leave, compare, lab]) assert.equal(step.look(seen({ out: ['waste'] }), seen()), '');
});
