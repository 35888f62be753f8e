import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKernel } from '../../attnviz/web/kernel.js';
import { openNetwork } from '../../attnviz/web/network.js';
import { fetchNetwork } from '../../attnviz/web/network_store.js';
import { splitWords } from '../../attnviz/web/words_reader.js';
import { FORWARD, makeFile, pack, WORDS } from './made_network.js';

/** @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
function assertClose(one, other) {
  assert.equal(one.length, other.length);
  for (let place = 0; place < one.length; place += 1) assert.ok(Math.abs(one[place] - other[place]) < 1e-6);
}

test('a text has its words, their weights and a probability for each label', async () => {
  const network = await openNetwork(makeFile());
  const { tokens, truncated, probabilities, scores } = network.read('👍 A fine, FINE thing');
  assert.deepEqual(
    tokens.map(({ word, start, id, known }) => [word, start, id, known]),
    [
      ['👍', 0, 2, false],
      ['a', 3, 3, true],
      ['fine', 5, 4, true],
      ['fine', 11, 4, true],
      ['thing', 16, 2, false],
    ],
  );
  assert.equal(truncated, 0);
  assertClose(
    [probabilities?.reduce((sum, p) => sum + p, 0) ?? 0, scores?.reduce((sum, s) => sum + s, 0) ?? 0],
    [1, 1],
  );
  assert.ok(network.forward && network.attends && network.target === 1);
});

test('a text without words has no answer, and special words are none', async () => {
  const network = await openNetwork(makeFile());
  assert.equal(network.read(' ... ').probabilities, null);
  assert.deepEqual([network.idOf('<pad>'), network.idOf('constructor'), network.idOf('film')], [2, 2, 5]);
});

test('only the last words are read, whatever was read before', async () => {
  const network = await openNetwork(makeFile());
  const long = network.read('dull dull a fine film a fine');
  assert.equal(long.truncated, 2);
  assert.equal(long.tokens[0].start, 10);
  const other = await openNetwork(makeFile());
  assertClose(long.probabilities ?? [], other.readWords([3, 4, 5, 3, 4]).probabilities);
});

test('what was kept of the words before changes nothing', async () => {
  const network = await openNetwork(makeFile());
  for (const ids of [[3], [3, 4], [3, 4, 5], [3, 5], [4, 3, 5], [], [4, 3, 5, 6, 6], [4, 3]]) {
    const fresh = await openNetwork(makeFile(), { simd: false });
    const [kept, whole] = [network.readWords(ids), fresh.readWords(ids)];
    assertClose(kept.probabilities, whole.probabilities);
    assertClose(kept.scores ?? [], whole.scores ?? []);
  }
});

test('prefixes and shortened texts are read by themselves', async () => {
  const network = await openNetwork(makeFile());
  const p = (/** @type {number[]} */ ids) => network.readWords(ids).probabilities[1];
  assertClose(network.readPrefixes('a fine film'), [p([3]), p([3, 4]), p([3, 4, 5])]);
  const whole = p([3, 4, 5]);
  assertClose(network.leaveOneOut('a fine film'), [whole - p([4, 5]), whole - p([3, 5]), whole - p([3, 4])]);
  assertClose(network.leaveOneOut('film'), [p([5]) - p([])]);
});

test('without a target the most probable label is explained, the last of equal ones', async () => {
  const network = await openNetwork(makeFile(FORWARD, { header: { target: null } }));
  assert.deepEqual([network.targetOf([0.5, 0.5]), network.targetOf([0.6, 0.4])], [1, 0]);
});

test('a damaged file is refused in a sentence', async () => {
  const whole = makeFile();
  const plan = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 12, new DataView(whole).getUint32(8, true))));
  const none = new Float32Array(0);
  const layers = (/** @type {number} */ place, /** @type {object} */ change) =>
    plan.layers.map((/** @type {object} */ layer, /** @type {number} */ at) =>
      at === place ? { ...layer, ...change } : layer,
    );
  /** @type {[ArrayBuffer, RegExp][]} */
  const cases = [
    [new ArrayBuffer(0), /no file of a network/],
    [new TextEncoder().encode('<!doctype html><html></html>').buffer, /no file of a network/],
    [pack('{}', none, 'ATTNVIZX'), /no file of a network/],
    [whole.slice(0, 40), /ends too early/],
    [whole.slice(0, -4), /bytes of weights, not/],
    [pack('{"format": 1', none), /header cannot be read/],
    [pack('null', none), /format 1/],
    [pack('{"format": 2}', none), /format 1/],
    [makeFile(FORWARD, { header: { vocabulary: [1, 2, 3, 4] } }), /not complete/],
    [makeFile(FORWARD, { header: { vocabulary: [...WORDS, 'more'] } }), /not those of its vectors/],
    [makeFile(FORWARD, { header: { steps: 1e9 } }), /not complete/],
    [makeFile(FORWARD, { header: { attention: { layer: 'none', axes: [] } } }), /attention is no layer/],
    [makeFile(FORWARD, { header: { layers: layers(2, { kind: 'toString' }) } }), /no layer of the kind "toString"/],
    [makeFile(FORWARD, { header: { layers: layers(2, { inputs: ['answer'] }) } }), /reads a layer that is not there/],
    [makeFile(FORWARD, { header: { layers: layers(2, { tensors: {} }) } }), /states has no kernel of the right shape/],
    [
      makeFile(FORWARD, { header: { layers: layers(6, { settings: { activation: 'gelu' } }) } }),
      /no activation "gelu"/,
    ],
    [makeFile(FORWARD, { change: (weights) => weights.fill(Number.NaN, 5, 6) }), /no number/],
    [makeFile(FORWARD.slice(0, 5)), /last layer gives no answer/],
  ];
  for (const [file, message] of cases) await assert.rejects(openNetwork(file), message);
});

test('a text of a million and one characters is refused as Python refuses it, characters counted', async () => {
  const network = await openNetwork(makeFile());
  const told = /^Error: A text may have at most 1,000,000 characters, this one has 1,000,001\.$/;
  assert.throws(() => network.read('a'.repeat(1_000_001)), told);
  assert.equal(network.read('👍'.repeat(600_000)).tokens.length, 1);
  assert.throws(() => network.read(/** @type {any} */ (null)), /must be a string, got object/);
  assert.throws(() => network.readWords([99]), /No word has the id 99/);
});

test('SIMD and plain JavaScript compute the same product, of any shape', async () => {
  const [fast, plain] = [await openKernel(4_096, true), await openKernel(4_096, false)];
  assert.deepEqual([fast.simd, plain.simd], [true, false]);
  for (const rows of [0, 1, 3, 4, 7, 9]) {
    for (const columns of [1, 3, 4, 20]) {
      for (const { memory, multiplyAdd } of [fast, plain]) {
        memory.set(Float32Array.from({ length: 4_096 }, (_, place) => Math.cos(place)));
        multiplyAdd(1, rows, 501, columns, 3_001);
      }
      assertClose(fast.memory.slice(0, 4_096), plain.memory);
    }
  }
});

test('without WebAssembly plain JavaScript computes', async () => {
  const { WebAssembly } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, 'WebAssembly');
    assert.equal((await openNetwork(makeFile())).simd, false);
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
});

test('an address is fetched once, and again after it failed', async () => {
  let [asked, status] = [0, 500];
  const ask = /** @type {typeof fetch} */ (
    async () => {
      asked += 1;
      return new Response(makeFile(), { status });
    }
  );
  await assert.rejects(fetchNetwork('/made', ask), /did not send the network \(500\)/);
  status = 200;
  const [one, two] = await Promise.all([fetchNetwork('/made', ask), fetchNetwork('/made', ask)]);
  assert.equal(one, two);
  assert.equal(asked, 2);
});

test('words of a long text are found at once', () => {
  const words = splitWords('A fine, <br /> film! '.repeat(5_000));
  assert.equal(words.length, 15_000);
  assert.deepEqual(words[2], { word: 'film', start: 15, end: 19 });
});
