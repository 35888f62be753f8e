// SHA-256 (FIPS 180-4). The browser has its own, but it answers later, and only on pages that came over https.

const WORDS = 64;
const BLOCK = 64; // bytes

const K = new Uint32Array(WORDS); // the first 32 bits of the fractional parts of the cube roots of the first primes
const START = new Uint32Array(8); // the same of the square roots

for (let candidate = 2, found = 0; found < WORDS; candidate++) {
  if (hasDivisor(candidate)) continue;
  if (found < START.length) START[found] = cutFraction(candidate ** 0.5);
  K[found++] = cutFraction(Math.cbrt(candidate));
}

/** @param {number} candidate */
function hasDivisor(candidate) {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return true;
  return false;
}

/** @param {number} root */
function cutFraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

/**
 * In hexadecimal digits.
 *
 * @param {Uint8Array} bytes
 */
export function hashBytes(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += BLOCK) addBlock(state, expand(view, at));
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

const turn = (/** @type {number} */ word, /** @type {number} */ by) => (word >>> by) | (word << (32 - by));

/**
 * @param {DataView} view
 * @param {number} at
 */
function expand(view, at) {
  const words = new Uint32Array(WORDS);
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < WORDS; i++) {
    const [early, late] = [words[i - 15], words[i - 2]];
    const mixed = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    words[i] = words[i - 16] + mixed + words[i - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
  }
  return words;
}

/**
 * @param {Uint32Array} state
 * @param {Uint32Array} words
 */
function addBlock(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < WORDS; i++) {
    const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + words[i];
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => {
    state[place] += word;
  });
}

/**
 * The first 8 hexadecimal digits of the hash of a text's UTF-8 bytes.
 *
 * @param {string} text
 */
export const hashText = (text) => hashBytes(encodeText(text)).slice(0, 8);

/**
 * UTF-8; half of a surrogate pair becomes three bytes, as Python's "surrogatepass" writes it.
 *
 * @param {string} text
 */
function encodeText(text) {
  if (!/\p{Surrogate}/u.test(text)) return new TextEncoder().encode(text);
  const parts = text.split(/(\p{Surrogate})/u).map((part) => (/^\p{Surrogate}$/u.test(part) ? encodeHalf(part) : part));
  return Uint8Array.from(
    parts.flatMap((part) => [...(typeof part === 'string' ? new TextEncoder().encode(part) : part)]),
  );
}

/** @param {string} half */
function encodeHalf(half) {
  const code = half.charCodeAt(0);
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
}
