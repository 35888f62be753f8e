// Characters of scripts that leave no blanks between words, as Python's attnviz.text.unspaced_scripts finds them; a
// test holds the two together. The character classes are those of that module.

import { normalizeWord, splitWords } from './words_reader.js';

/** @typedef {import('./words_reader.js').Word} Word */

export const UNSPACED =
  '\\u0e01-\\u0e30\\u0e32\\u0e33\\u0e40-\\u0e46\\u0e81-\\u0eb0\\u0eb2\\u0eb3\\u0ebd-\\u0ec6\\u0edc-\\u0edf' +
  '\\u1000-\\u102a\\u103f\\u1050-\\u1055\\u105a-\\u105d\\u1061\\u1065\\u1066\\u106e-\\u1070\\u1075-\\u1081\\u108e' +
  '\\u1780-\\u17b3\\u17d7\\u17dc' +
  '\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3105-\\u312f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff' +
  '\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uff66-\\uff9d' +
  '\\u{20000}-\\u{323af}';

export const MARKS =
  '\\u0300-\\u036f\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u0eb1\\u0eb4-\\u0ebc\\u0ec8-\\u0ece' +
  '\\u102b-\\u103e\\u1056-\\u1059\\u105e-\\u1060\\u1062-\\u1064\\u1067-\\u106d\\u1071-\\u1074\\u1082-\\u108d\\u108f' +
  '\\u109a-\\u109d\\u17b4-\\u17d3\\u17dd\\u3099\\u309a\\ufe00-\\ufe0f\\uff9e\\uff9f\\u{e0100}-\\u{e01ef}';

const ONE = new RegExp(`[${UNSPACED}]`, 'u');
const PIECE = new RegExp(`[${UNSPACED}][${MARKS}]*|[^${UNSPACED}]+`, 'gu');

/**
 * The tokens of a text in order: characters of unspaced scripts, and words of the others.
 * @param {string} text
 * @returns {Word[]}
 */
export function splitCharacters(text) {
  return splitWords(text).flatMap((word) => {
    const original = text.slice(word.start, word.end);
    return ONE.test(original) ? splitWord(original, word.start) : [word];
  });
}

/**
 * @param {string} original
 * @param {number} from
 */
function splitWord(original, from) {
  return Array.from(original.matchAll(PIECE), (found) => {
    const start = from + found.index;
    return { word: normalizeWord(found[0]), start, end: start + found[0].length };
  }).filter(({ word }) => word);
}
