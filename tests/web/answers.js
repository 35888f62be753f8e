// A script for the tests in Python: what the browser's code makes of many texts. It reads a job from the standard input
// and writes the answers to the standard output, both JSON.

import { readFileSync } from 'node:fs';
import { openNetwork } from '../../attnviz/web/network.js';
import { splitCharacters } from '../../attnviz/web/unspaced_scripts.js';
import { splitWords } from '../../attnviz/web/words_reader.js';

/** @param {string} path */
function readBuffer(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return /** @type {ArrayBuffer} */ (buffer.slice(byteOffset, byteOffset + byteLength));
}

/** @param {{ file: string, texts: string[], simd: boolean, parts: number[] }} job */
async function answer({ file, texts, simd, parts }) {
  const network = await openNetwork(readBuffer(file), { simd });
  const readings = texts.map((text) => {
    const { tokens, probabilities, scores, truncated } = network.read(text);
    return { ids: tokens.map(({ id }) => id), probabilities, scores: scores && Array.from(scores), truncated };
  });
  const looked = parts.map((place) => ({
    without: Array.from(network.leaveOneOut(texts[place])),
    prefixes: Array.from(network.readPrefixes(texts[place])),
  }));
  return { simd: network.simd, reduction: network.reduction, forward: network.forward, readings, looked };
}

const job = JSON.parse(readFileSync(0, 'utf8'));
const found = job.file ? await answer(job) : job.texts.map(job.unit === 'characters' ? splitCharacters : splitWords);
process.stdout.write(JSON.stringify(found));
