// A time-lapse as Python makes it (attnviz/render/shown_lapse.py), read for the screen.

import { readText, scoreAnew } from './highlighted_text.js';
import { unpack } from './packed.js';

/** @import { HighlightedText, PlainText } from './highlighted_text.js' */
/** @import { Packed } from './packed.js' */

/** @typedef {[time: number, value: number]} Point when, in epochs, and what */

/**
 * @typedef {object} PlainSeen a text over all moments
 * @property {string} title its first words
 * @property {PlainText} text
 * @property {string} name what its probability is called
 * @property {(number | null)[]} probabilities one a moment
 * @property {Packed | null} weights (moments, words); null without attention
 */

/**
 * @typedef {object} PlainLapse
 * @property {string[]} moments what each is called
 * @property {number[]} times when each was, in epochs
 * @property {PlainSeen[]} texts
 * @property {Point[]} accuracies on the held-out reviews; empty where there are none
 * @property {string} note
 */

/**
 * @typedef {object} Seen
 * @property {string} title
 * @property {string} name
 * @property {HighlightedText} text
 * @property {(number | null)[]} probabilities
 * @property {Float64Array[] | null} weights
 */

/**
 * @param {PlainSeen} plain
 * @returns {Seen}
 */
export const readSeen = ({ text, weights, ...rest }) => ({
  ...rest,
  text: readText(text),
  weights: weights && unpack(weights),
});

/**
 * A text with the weights of a moment; without attention, none.
 *
 * @param {Seen} seen
 * @param {number} moment
 */
export const seeAt = ({ text, weights }, moment) => (weights ? scoreAnew(text, weights[moment]) : text);

/**
 * The curve of the probability, where there is one.
 *
 * @param {readonly number[]} times
 * @param {Seen} seen
 * @returns {Point[]}
 */
export const traceProbability = (times, { probabilities }) =>
  probabilities.flatMap((value, place) => (value === null ? [] : [/** @type {Point} */ ([times[place], value])]));
