import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStep } from '../../attnviz/web/roving_focus.js';

const PLAIN = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test('arrow keys walk by one word and by ten, and stop at the ends', () => {
  const walk = (/** @type {string} */ key, /** @type {number} */ from) => findStep({ ...PLAIN, key }, from, 15);
  assert.deepEqual(
    [walk('ArrowRight', 3), walk('ArrowLeft', 3), walk('ArrowDown', 3), walk('ArrowUp', 3)],
    [4, 2, 13, 0],
  );
  assert.deepEqual([walk('Home', 3), walk('End', 3), walk('ArrowDown', 10)], [0, 14, 14]);
});

test('other keys, keys with another one held, and keys elsewhere are left alone', () => {
  assert.equal(findStep({ ...PLAIN, key: 'a' }, 3, 15), null);
  assert.equal(findStep({ ...PLAIN, key: 'toString' }, 3, 15), null);
  assert.equal(findStep({ ...PLAIN, altKey: true, key: 'ArrowDown' }, 3, 15), null);
  assert.equal(findStep({ ...PLAIN, key: 'End' }, -1, 15), null);
});
