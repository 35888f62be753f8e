// Words with their place in the text, as Python's attnviz.text.words finds them; a test holds the two together.
// The character classes are those of that module.

import { t } from './language.js';
import { formatCount } from './numbers.js';

const FILTERS = '!"#$%&()*+,\\-./:;<=>?@[\\\\\\]\\^_`{|}~\\t\\n';

export const SEPARATORS =
  '\\r\\v\\f\\x84\\x85\\x8b\\x93-\\x97\\x9b\\xa0\\xa1\\xab\\xb7\\xbb\\xbf\\u037e\\u0387' +
  '\\u0589\\u058a\\u05be\\u05c0\\u05c3\\u060c\\u061b\\u061f\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u1400\\u1680\\u1806' +
  '\\u2000-\\u200b\\u2010-\\u2017\\u201a\\u201c-\\u2029\\u202f-\\u2031\\u2033\\u2034\\u2036-\\u205f\\u2212' +
  '\\u2e00-\\u2e7f\\u3000-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\u3030\\u30a0\\u30fb' +
  '\\ufe10-\\ufe1f\\ufe30-\\ufe6f\\uff01-\\uff06\\uff08-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';

export const APOSTROPHES = '\\x91\\x92\\xb4\\u02b9\\u02bb\\u02bc\\u2018\\u2019\\u201b\\u2032\\u2035\\uff07';

export const INVISIBLE =
  '\\xad\\u034f\\u061c\\u180b-\\u180f\\u200c-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff';

/** What is read as its plain spelling: ligatures, and digits and letters of full width. */
export const PLAIN = '\\ufb00-\\ufb06\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a';

export const MAX_CHARACTERS = 1_000_000;
export const LONGEST_COMPOSED = 200;

const WORD = new RegExp(`[^ ${FILTERS}${SEPARATORS}]+`, 'g');
// Python's white space, which has four separators more than JavaScript's and lacks the byte order mark.
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const BREAK = new RegExp(`<[Bb][Rr][${SPACE}]*/?>`, 'g');
const SPELLED = new RegExp(`[${APOSTROPHES}${INVISIBLE}${PLAIN}]`, 'g');
const IS_APOSTROPHE = new RegExp(`[${APOSTROPHES}]`);
const IS_PLAIN = new RegExp(`[${PLAIN}]`);
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * @typedef {object} Word
 * @property {string} word as the vocabularies spell it
 * @property {number} start where it begins in the text, in UTF-16 code units as all places in JavaScript
 * @property {number} end
 */

/**
 * The words of a text, in order.
 * @param {string} text
 * @returns {Word[]}
 */
export function splitWords(text) {
  const plain = ASCII.test(text);
  const blank = text.includes('<') ? text.replace(BREAK, (found) => ' '.repeat(found.length)) : text;
  const read = plain ? blank.toLowerCase() : blank;
  const words = [];
  WORD.lastIndex = 0;
  for (let found = WORD.exec(read); found; found = WORD.exec(read)) {
    const word = plain ? found[0] : normalizeWord(found[0]);
    if (word) words.push({ word, start: found.index, end: found.index + found[0].length });
  }
  return words;
}

/**
 * A word as the vocabularies spell it: lower case, composed (NFC); '' if it holds nothing that shows.
 * @param {string} original
 */
export function normalizeWord(original) {
  if (ASCII.test(original)) return original.toLowerCase();
  const word = original.replace(SPELLED, spell).toLowerCase();
  return word.length <= LONGEST_COMPOSED || countCharacters(word) <= LONGEST_COMPOSED ? word.normalize('NFC') : word;
}

/**
 * The text, refused if it is no text or too long, as Python refuses it.
 * @param {unknown} text
 * @returns {string}
 */
export function checkText(text) {
  if (typeof text !== 'string') throw new Error(t`A text to explain must be a string, got ${typeof text}.`);
  const count = text.length > MAX_CHARACTERS ? countCharacters(text) : 0;
  if (count <= MAX_CHARACTERS) return text;
  const [most, given] = [MAX_CHARACTERS, count].map(formatCount);
  throw new Error(t`A text may have at most ${most} characters, this one has ${given}.`);
}

/** @param {string} text */
function countCharacters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** @param {string} character */
function spell(character) {
  if (IS_APOSTROPHE.test(character)) return "'";
  return IS_PLAIN.test(character) ? character.normalize('NFKC') : '';
}
