// Reads texts with one network's file, in Node: `node browser_network.js FILE`. Prints JSON.

import { readFileSync } from 'node:fs';
import { openNetwork } from '../attnviz/web/network.js';

const REPEATS = 15;

/** The median time of a function in milliseconds. */
function time(work) {
  const found = Array.from({ length: REPEATS }, (_, repeat) => {
    const start = performance.now();
    work(repeat);
    return performance.now() - start;
  });
  return found.sort((one, other) => one - other)[Math.floor(REPEATS / 2)];
}

/** So many words that differ from repeat to repeat from the first one on, so that nothing kept is of use. */
const makeText = (words, size, repeat) =>
  Array.from({ length: size }, (_, place) => words[3 + ((place * 37 + repeat * 11) % 2000)]).join(' ');

const { buffer, byteOffset, byteLength } = readFileSync(process.argv[2]);
const file = buffer.slice(byteOffset, byteOffset + byteLength);
const header = new TextDecoder().decode(new Uint8Array(file, 12, new DataView(file).getUint32(8, true)));
const words = JSON.parse(header).vocabulary;
const rows = [];
for (const simd of [true, false]) {
  const network = await openNetwork(file, { simd });
  for (const size of [200, 500]) {
    const whole = time((repeat) => network.read(makeText(words, size, repeat)));
    const start = makeText(words, Math.min(size, network.steps) - REPEATS, 0);
    const typed = time((repeat) => network.read(`${start} ${makeText(words, repeat + 1, 0)}`));
    rows.push({ simd: network.simd, words: size, whole, typed });
  }
}
process.stdout.write(JSON.stringify(rows));
