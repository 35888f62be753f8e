// What a network read, as the editor draws it: in the very form that Python gives it (`describe_explanation`).

import { editText, locate } from './edited_text.js';
import { rankScores } from './highlighted_text.js';
import { formatCount, formatProbability } from './numbers.js';
import { hashText } from './sha256.js';

/** @import { Answer } from './answer.js' */
/** @import { EditedText } from './edited_text.js' */
/** @import { PlainText, TokenRow } from './highlighted_text.js' */
/** @import { Network, Reading } from './network.js' */
/** @import { Explained } from './review_editor.js' */

/** @typedef {{ name: string, title: string, help: string, score_name: string, signed: boolean }} Method */

const EVEN_SHARES = 3; // as in attnviz/render/palette.py
const NEARLY_EVEN = 1.5; // as in attnviz/render/sentences.py

/**
 * @param {Network} network
 * @param {Reading} reading of the edited text
 * @param {ArrayLike<number>} scores one a word that was read
 * @param {Method} method
 * @param {EditedText} [edited] where the text comes from
 * @returns {Explained}
 */
export function explainReading(network, reading, scores, method, edited = editText(reading.text, [])) {
  const target = network.findTarget(reading.probabilities);
  return {
    text: highlight(network.labels, target, reading, scores, method, edited),
    typed: edited.text === edited.original ? null : edited.original,
    answer: buildAnswer(network.labels, target, reading),
    probability: reading.probabilities?.[target] ?? null,
    method_title: method.title,
    method_help: method.help,
    notes: describe(network, reading, scores, method),
    text_hash: hashText(reading.text),
    model: network.name,
    method: method.name,
  };
}

/**
 * @param {string[]} labels
 * @param {number} target
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {Method} method
 * @param {EditedText} edited
 * @returns {PlainText}
 */
function highlight(labels, target, reading, scores, method, edited) {
  const { text, tokens, truncated } = reading;
  const first = truncated ? (tokens[0]?.start ?? text.length) : 0;
  const words = [...placeRead(reading, scores, edited)];
  words.push(...placeLeftOut(edited, first, new Set(words.map(({ row }) => row[2]))));
  words.sort((one, other) => one.start - other.start || one.end - other.end);
  let position = first;
  const gaps = words.map(({ start, end }) => {
    const gap = text.slice(position, start);
    position = Math.max(position, end);
    return gap;
  });
  return {
    head: text.slice(0, first),
    truncated,
    tokens: words.map(({ row }) => row),
    gaps: [...gaps, text.slice(position)],
    scale: {
      full: findFull(scores, method.signed),
      signed: method.signed,
      name: method.score_name,
      toward: labels[target],
      against: labels.length === 2 ? labels[1 - target] : 'other classes',
    },
    tail: '',
    truncated_end: 0,
  };
}

/** @typedef {{ start: number, end: number, row: TokenRow }} Placed a word, and where it stands in what is read */

/**
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {EditedText} edited
 * @returns {Placed[]}
 */
function placeRead({ text, tokens }, scores, edited) {
  const ranks = rankScores(scores);
  return tokens.map(({ word, start, end, known }, place) => {
    const origin = locate(edited, start, end);
    const state = origin.replaced ? 'replaced' : 'read';
    const shown = text.slice(start, end);
    return { start, end, row: [shown, word, origin.start, origin.end, scores[place], ranks[place], known, state] };
  });
}

/**
 * The words in whose place nothing is read.
 *
 * @param {EditedText} edited
 * @param {number} first where the part begins that is read
 * @param {Set<number>} there where the words begin that are read, in the text as typed
 * @returns {Placed[]}
 */
function placeLeftOut({ original, changes }, first, there) {
  const gone = changes.filter(({ typedStart, start }) => start >= first && !there.has(typedStart));
  return gone.map(({ typedStart, typedEnd, start }) => {
    const shown = original.slice(typedStart, typedEnd);
    return { start, end: start, row: [shown, shown, typedStart, typedEnd, 0, 0, true, 'left out'] };
  });
}

/**
 * The score that has the full colour.
 *
 * @param {ArrayLike<number>} scores
 * @param {boolean} signed
 */
function findFull(scores, signed) {
  const largest = Array.from(scores, Math.abs).reduce((most, score) => Math.max(most, score), 0);
  return signed || !largest ? largest : Math.max(largest, Math.min(EVEN_SHARES / scores.length, 1));
}

/**
 * @param {string[]} labels
 * @param {number} target
 * @param {Reading} reading
 * @returns {Answer}
 */
function buildAnswer(labels, target, { probabilities }) {
  const predicted = probabilities === null ? null : probabilities.lastIndexOf(Math.max(...probabilities));
  const shown = predicted === null || labels.length === 2 ? target : predicted;
  const isSentiment = labels.length === 2 && labels[0] === 'negative' && labels[1] === 'positive';
  return {
    labels,
    probabilities,
    texts: (probabilities ?? []).map(formatProbability),
    target,
    predicted,
    shown,
    name: isSentiment ? `probability that the review is ${labels[shown]}` : `probability of “${labels[shown]}”`,
    said: probabilities
      ? `${labels[target]} with probability ${formatProbability(probabilities[target])}`
      : 'no answer, because there is no word to read',
  };
}

/**
 * What a reader must know beside the answer.
 *
 * @param {Network} network
 * @param {Reading} reading
 * @param {ArrayLike<number>} scores
 * @param {Method} method
 */
function describe({ reduction }, { text, tokens, truncated }, scores, { name, signed }) {
  const notes = [];
  if (!tokens.length) notes.push(text.trim() ? 'There is no word in this text, only signs.' : 'There is no text yet.');
  if (truncated) notes.push(describeTruncated(truncated, tokens.length));
  const unknown = tokens.filter(({ known }) => !known).length;
  if (unknown) notes.push(describeUnknown(unknown, tokens.length));
  if (name === 'attention' && reduction) notes.push(`Each word has several weights; shown is the ${reduction}.`);
  if (!signed && tokens.length > 1) notes.push(describeSpread(scores));
  return notes;
}

/**
 * @param {number} count
 * @param {number} read
 */
function describeTruncated(count, read) {
  const unread = count === 1 ? 'word is greyed and was' : `${formatCount(count)} words are greyed and were`;
  return `This network reads the last ${formatCount(read)} words; the first ${unread} not read.`;
}

/**
 * @param {number} unknown
 * @param {number} all
 */
function describeUnknown(unknown, all) {
  if (unknown === all) return 'The network knows none of these words, so its answer says nothing about them.';
  const verb = unknown === 1 ? 'word is' : 'words are';
  return `${formatCount(unknown)} ${verb} unknown to the network (dotted): it read a placeholder instead.`;
}

/** @param {ArrayLike<number>} scores */
function describeSpread(scores) {
  const times = Math.max(...Array.from(scores)) * scores.length;
  const share = (1 / scores.length).toFixed(4);
  const sentence = `An even share would be ${share}; the strongest word gets ${times.toFixed(1)} times as much`;
  return times < NEARLY_EVEN ? `${sentence}, so this network hardly prefers any word here.` : `${sentence}.`;
}
