import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Asking } from '../../attnviz/web/asking.js';

/** @import { Question } from '../../attnviz/web/asking.js' */

/** @type {Question[]} */
let sent = [];
/** @type {unknown[]} */
let waits = [];

beforeEach(() => {
  sent = [];
  waits = [];
  mock.timers.reset();
  mock.timers.enable();
});

function start() {
  let value = 0;
  const asking = new Asking(0, 300, {
    question: ({ word }) => ({ value, word: word ?? null }),
    wait: (extra) => waits.push(extra),
  });
  asking.send = (question) => sent.push(question);
  return {
    asking,
    move: (/** @type {number} */ to) => {
      value = to;
      asking.ask();
    },
  };
}

test('while a question is under way only the newest of the others is kept, and goes out with the answer', () => {
  const { asking, move } = start();
  for (const value of [1, 2, 3]) move(value);
  assert.deepEqual(sent, [{ value: 1, word: null, seq: 1, settled: false }]);
  asking.follow(1, true);
  assert.deepEqual(sent.slice(1), [{ value: 3, word: null, seq: 2, settled: false }]);
});

test('what was asked for beside the value is kept until it goes out', () => {
  const { asking, move } = start();
  move(1);
  asking.ask({ word: 7 });
  move(2);
  asking.follow(1, false);
  assert.deepEqual(sent.at(-1), { value: 2, word: 7, seq: 2, settled: false });
});

test('an older answer than the last question lets nothing out', () => {
  const { asking, move } = start();
  move(1);
  move(2);
  asking.follow(0, true);
  assert.equal(sent.length, 1);
});

test('the rest of the page follows once the hand has rested, and not while it moves', () => {
  const { asking, move } = start();
  move(1);
  asking.follow(1, true);
  mock.timers.tick(299);
  move(2);
  mock.timers.tick(1000);
  assert.equal(sent.filter(({ settled }) => settled).length, 0);
  asking.follow(2, true);
  mock.timers.tick(300);
  assert.equal(sent.at(-1)?.settled, true);
  asking.follow(3, false);
  mock.timers.tick(1000);
  assert.equal(sent.length, 3, 'the page is about the newest: nothing is left to ask');
});

test('an answer that takes long is waited for in sight, one that comes soon is not', () => {
  const { asking, move } = start();
  move(1);
  mock.timers.tick(349);
  asking.follow(1, false);
  mock.timers.tick(1000);
  assert.deepEqual(waits, []);
  move(2);
  mock.timers.tick(350);
  assert.equal(waits.length, 1);
});

test('a question that was lost on its way counts as answered after 20 seconds', () => {
  const { asking, move } = start();
  move(1);
  move(2);
  mock.timers.tick(19_999);
  assert.equal(sent.length, 1);
  mock.timers.tick(1);
  assert.equal(sent.at(-1)?.value, 2);
  mock.timers.tick(19_999);
  assert.equal(asking.isIdle, false, 'the second one is under way');
  mock.timers.tick(1);
  assert.equal(asking.isIdle, true);
});

test('nothing follows by itself after a stop', () => {
  const { asking, move } = start();
  move(1);
  asking.stop();
  mock.timers.tick(100_000);
  assert.deepEqual([sent.length, waits.length], [1, 0]);
});
