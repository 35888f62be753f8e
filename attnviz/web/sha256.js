// SHA-256 of a text. The browser's own is not there for pages from the disk or from a plain address.

const HALF = /([\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/;
const PRIMES = listPrimes(64);
const K = PRIMES.map((prime) => takeFraction(Math.cbrt(prime)));

/** @param {number} root */
function takeFraction(root) {
  return ((root % 1) * 2 ** 32) | 0;
}

/** @param {number} count */
function listPrimes(count) {
  /** @type {number[]} */
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/**
 * The first 8 hex digits of the hash of a text's UTF-8 bytes, half of a surrogate pair written as Python's
 * 'surrogatepass' does.
 *
 * @param {string} text
 */
export function hashText(text) {
  const state = PRIMES.slice(0, 8).map((prime) => takeFraction(Math.sqrt(prime)));
  const blocks = fill(encode(text));
  for (let block = 0; block < blocks.byteLength; block += 64) digest(state, blocks, block);
  return (state[0] >>> 0).toString(16).padStart(8, '0');
}

/**
 * @param {string} text
 * @returns {number[]}
 */
const encode = (text) => text.split(HALF).flatMap((part) => (isHalf(part) ? encodeHalf(part) : encodeWhole(part)));

/** @param {string} part */
const encodeWhole = (part) => [...new TextEncoder().encode(part)];

/** @param {string} part */
const isHalf = (part) => part.length === 1 && /[\ud800-\udfff]/.test(part);

/** @param {string} half */
function encodeHalf(half) {
  const code = half.charCodeAt(0);
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}

/**
 * Whole blocks: the bytes, a mark, zeros, and the number of bits.
 *
 * @param {number[]} bytes
 */
function fill(bytes) {
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor((bytes.length * 8) / 2 ** 32));
  view.setUint32(blocks.length - 4, (bytes.length * 8) | 0);
  return view;
}

/**
 * @param {number[]} state
 * @param {DataView} blocks
 * @param {number} start
 */
function digest(state, blocks, start) {
  const w = Array.from({ length: 16 }, (_, place) => blocks.getInt32(start + 4 * place));
  for (let place = 16; place < 64; place += 1) {
    const [far, near] = [w[place - 15], w[place - 2]];
    const small = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    const large = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    w.push((w[place - 16] + small + w[place - 7] + large) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 64; place += 1) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[place] + w[place];
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((part, place) => {
    state[place] = (state[place] + part) | 0;
  });
}

/**
 * @param {number} bits
 * @param {number} by
 */
const turn = (bits, by) => (bits >>> by) | (bits << (32 - by));
