import assert from 'node:assert/strict';
import test from 'node:test';
import { LeaveOneOut } from '../../attnviz/web/leave_one_out.js';
import { readBeginnings } from '../../attnviz/web/word_by_word.js';
import { leaveEachOut } from '../../attnviz/web/words_left_out.js';

/** A network whose target's probability is a hundredth of the sum of its ids. */
function makeNetwork() {
  const add = (/** @type {number[]} */ ids) => {
    const sum = ids.reduce((all, id) => all + id, 0) / 100;
    return { probabilities: [1 - sum, sum], scores: null };
  };
  const network = {
    targetOf: () => 1,
    readings: 0,
    tokenize: (/** @type {string} */ text) => network.read(text),
    read: (/** @type {string} */ text) => {
      const tokens = (text.match(/\d+/g) ?? []).map((id) => ({ id: Number(id) }));
      return { tokens, ...(tokens.length ? add(tokens.map(({ id }) => id)) : { probabilities: null }) };
    },
    readProbability: (/** @type {number[]} */ ids, /** @type {number} */ target) => {
      network.readings += 1;
      return add(ids).probabilities[target];
    },
  };
  return /** @type {any} */ (network);
}

const round = (/** @type {Float64Array | null} */ scores) =>
  scores && [...scores].map((score) => Math.round(score * 100));

test('a score is the probability with the word minus that without it', async () => {
  assert.deepEqual(round(await leaveEachOut(makeNetwork(), '5 7 1', () => false)), [5, 7, 1]);
});

test('a beginning is read by itself', async () => {
  assert.deepEqual(round(await readBeginnings(makeNetwork(), '5 7 1', 1, () => false)), [5, 12, 13]);
});

test('a text without words has no scores', async () => {
  assert.equal(await leaveEachOut(makeNetwork(), '', () => false), null);
});

test('nobody computes on for a text that nobody waits for', async () => {
  const network = makeNetwork();
  network.readProbability = slow(network.readProbability);
  assert.equal(await leaveEachOut(network, '1 '.repeat(100), () => true), null);
  assert.ok(network.readings < 20);
});

test('without a worker the page does it itself, and only the newest text gets scores', async () => {
  const leaving = new LeaveOneOut(makeNetwork(), new ArrayBuffer(0), '');
  const network = leaving.network;
  network.readProbability = slow(network.readProbability);
  const [older, newer] = await Promise.all([leaving.measure('1 2 3 4 5 6 7 8 9 1 2 3 4'), leaving.measure('5 7')]);
  assert.equal(older, null);
  assert.deepEqual(round(newer), [5, 7]);
});

test('a worker that fails is done without', async (context) => {
  const listeners = /** @type {Record<string, (event: object) => void>} */ ({});
  class Broken {
    addEventListener(/** @type {string} */ event, /** @type {() => void} */ listener) {
      listeners[event] = listener;
    }

    postMessage() {}

    terminate() {}
  }
  const global = /** @type {any} */ (globalThis);
  context.after(() => delete global.Worker);
  global.Worker = Broken;
  const leaving = new LeaveOneOut(makeNetwork(), new ArrayBuffer(0), 'anything');
  const scores = leaving.measure('5 7');
  listeners.error({});
  assert.deepEqual(round(await scores), [5, 7]);
  assert.equal(leaving.worker, null);
  assert.deepEqual(round(await leaving.measure('1')), [1]);
});

/**
 * @param {(ids: number[], target: number) => number} read
 * @returns {(ids: number[], target: number) => number}
 */
function slow(read) {
  return (ids, target) => {
    const end = performance.now() + 3;
    while (performance.now() < end);
    return read(ids, target);
  };
}
