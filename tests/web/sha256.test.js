import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { hashText } from '../../attnviz/web/sha256.js';

test('the hash is that of every other program', () => {
  for (const text of ['', 'a film', 'שלום 😀', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'é'.repeat(1000)]) {
    assert.equal(hashText(text), createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8));
  }
});

test('half of a character is hashed as Python does', () => {
  const bytes = Buffer.from([0x61, 0xed, 0xa0, 0xbd, 0x62]);
  assert.equal(hashText('a\ud83db'), createHash('sha256').update(bytes).digest('hex').slice(0, 8));
});
