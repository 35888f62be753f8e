import assert from 'node:assert/strict';
import test from 'node:test';
import { pickMethod, readAddress } from '../../attnviz/web/live_address.js';

const attention = { name: 'attention', title: 'Attention weights' };
const occlusion = { name: 'occlusion', title: 'Leave a word out' };
const page = {
  networks: [
    { name: 'luong', title: 'LSTM + Luong', about: '', methods: [attention, occlusion] },
    { name: 'bilstm', title: 'BiLSTM', about: '', methods: [occlusion] },
  ],
  text: 'an example',
  method: 'attention',
};

test('an address that asks for nothing opens the page as it was made', () => {
  const { entry, method, text, embedded, notes } = readAddress('', page);
  assert.deepEqual([entry.name, method, text, embedded, notes], ['luong', 'attention', 'an example', false, []]);
});

test('model, method, text and frame are taken from the address', () => {
  const { entry, method, text, embedded, notes } = readAddress(
    '?embed=1&model=bilstm&method=occlusion&text=a%20%3Cb%3E+film',
    page,
  );
  assert.deepEqual([entry.name, method, text, embedded, notes], ['bilstm', 'occlusion', 'a <b> film', true, []]);
});

test('an empty text of an address is a text', () => {
  assert.equal(readAddress('?text=', page).text, '');
});

test('what is not here is said, and cut', () => {
  const { entry, method, notes } = readAddress(`?model=${'x'.repeat(99)}&method=lime`, page);
  assert.deepEqual([entry.name, method], ['luong', 'attention']);
  assert.equal(notes.length, 2);
  assert.ok(notes[0].includes(`‘${'x'.repeat(40)}’, which is not here; this is ‘LSTM + Luong’`));
  assert.ok(notes[1].includes('‘lime’'));
});

test('a method of another network gives the first one of this', () => {
  const { entry, method, notes } = readAddress('?model=bilstm', page);
  assert.deepEqual([method, notes], ['occlusion', []]);
  assert.equal(pickMethod(entry, 'attention'), occlusion);
});
