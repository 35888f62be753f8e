// Words and sentences about them.

import { plural } from './language.js';
import { formatCount } from './numbers.js';

/**
 * "1 word", "2 words".
 *
 * @param {number} count
 */
export const countWords = (count) => plural(count)`${formatCount(count)} word|${formatCount(count)} words`;

/**
 * A word cut to so many characters.
 *
 * @param {string} word
 * @param {number} most
 */
export const cutWord = (word, most) => (word.length > most ? `${word.slice(0, most - 1)}…` : word);

/** @param {string} text */
export const capitalise = (text) => text.charAt(0).toUpperCase() + text.slice(1);
