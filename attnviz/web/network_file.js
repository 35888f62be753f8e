// The file of a network (attnviz/living/network_file.py), opened: what it says of itself, and its numbers.

import { makeMatrix } from './matrix.js';
import { LAYERS } from './network_layers.js';

/** @import { Matrix } from './matrix.js' */
/** @import { LayerRow } from './network_layers.js' */
/** @import { Spelling } from './words_reader.js' */

const MAGIC = 'ATTNVIZN';
const VERSION = 1;

/**
 * @typedef {object} Header
 * @property {number} version
 * @property {string} name
 * @property {string} title
 * @property {string[]} labels
 * @property {number | null} target the label that is explained; null for the predicted one
 * @property {number} steps how many last words of a text are read
 * @property {string | null} attention the layer that gives the weights
 * @property {string} reduction
 * @property {'float32' | 'float16'} dtype
 * @property {string[]} words by id
 * @property {Spelling} spelling
 * @property {LayerRow[]} layers
 * @property {string} answer the layer that gives it
 */

/**
 * @param {ArrayBuffer} content
 * @returns {{ header: Header, weights: Map<string, Matrix[]> }} the weights by layer
 */
export function readNetworkFile(content) {
  const start = MAGIC.length + 4;
  if (content.byteLength < start || decode(content, 0, MAGIC.length) !== MAGIC) {
    throw new Error('this is not the file of a network');
  }
  const length = new DataView(content).getUint32(MAGIC.length, true);
  const header = readHeader(content, start, length);
  return { header, weights: readWeights(header, content, start + length) };
}

/**
 * @param {ArrayBuffer} content
 * @param {number} start
 * @param {number} length
 * @returns {Header}
 */
function readHeader(content, start, length) {
  if (start + length > content.byteLength) throw new Error('the file of the network ends too early');
  let header;
  try {
    header = JSON.parse(decode(content, start, length));
  } catch {
    throw new Error('the file of the network is damaged');
  }
  if (header.version !== VERSION) throw new Error(`the file of the network has the unknown version ${header.version}`);
  const unknown = header.layers.find((/** @type {LayerRow} */ { kind }) => !(kind in LAYERS) && !isSource(kind));
  if (unknown) throw new Error(`the file of the network has a layer of the unknown kind ${unknown.kind}`);
  return header;
}

/**
 * Where the words come in.
 *
 * @param {string} kind
 */
const isSource = (kind) => kind === 'words' || kind === 'embedding';

/**
 * @param {Header} header
 * @param {ArrayBuffer} content
 * @param {number} start
 */
function readWeights({ layers, dtype }, content, start) {
  const numbers = readNumbers(content, start, dtype);
  let used = 0;
  const weights = new Map();
  for (const { name, tensors } of layers) {
    const own = tensors.map((shape) => {
      const [rows, columns] = shape.length > 1 ? shape : [1, ...shape];
      used += rows * columns;
      return makeMatrix(rows, columns, numbers.subarray(used - rows * columns, used));
    });
    weights.set(name, own);
  }
  if (used !== numbers.length) throw new Error(`the file of the network has ${numbers.length} numbers, not ${used}`);
  if (!numbers.every(Number.isFinite)) throw new Error('the file of the network holds something that is no number');
  return weights;
}

/**
 * @param {ArrayBuffer} content
 * @param {number} start
 * @param {string} dtype
 * @returns {Float32Array}
 */
function readNumbers(content, start, dtype) {
  const size = dtype === 'float16' ? 2 : 4;
  const rest = content.byteLength - start;
  if (rest % size) throw new Error('the file of the network ends too early');
  if (size === 4) return new Float32Array(content, start);
  return Float32Array.from(new Uint16Array(content, start), widen);
}

/**
 * The number that 16 bits of half precision stand for.
 *
 * @param {number} bits
 */
function widen(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return Number.NaN; // no weight is infinite
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : (sign * 2 ** -14 * fraction) / 1024;
}

/**
 * @param {ArrayBuffer} content
 * @param {number} start
 * @param {number} length
 */
const decode = (content, start, length) => new TextDecoder().decode(new Uint8Array(content, start, length));
