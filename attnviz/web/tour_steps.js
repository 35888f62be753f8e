// What the guided tour asks for, and what it says when that was done.

import { t } from './language.js';
import { formatPercent, formatProbability } from './numbers.js';

/**
 * What the review editor's root element says, and the words that are left out in it.
 *
 * @typedef {object} Seen
 * @property {boolean} typed whether somebody has typed since the tour began
 * @property {number} probability NaN while there is none
 * @property {string[]} out
 * @property {Map<string, number>} shares the attention of each word, the largest where a word stands twice
 */

/** @typedef {{ asks: string, look: (before: Seen, now: Seen) => string }} Step */

const LOOKED = t`That is where the network looked, not what decided.`;
const COMPARE = t`Leave out a pale word, then a dark one: which moves it?`;

/** @type {readonly Step[]} */
export const STEPS = [
  {
    asks: t`Change a word, or write your own text. The colour under a word is how much the network looked at it.`,
    look: (_, now) => (now.typed ? t`The picture changed with the letters.` : ''),
  },
  {
    asks: t`Click a word and choose “Leave out”. Watch the probability.`,
    look: (before, now) => (now.out.length > before.out.length ? tellMove(before, now) : ''),
  },
  {
    asks: `${LOOKED} ${COMPARE}`,
    look: (before, now) => (now.out.length > before.out.length ? compareWord(before, now) : ''),
  },
  {
    asks: t`Attention can be checked where the truth is known: open “Column lab” above, and drag the answer.`,
    look: () => '',
  },
];

/** @param {Seen} before @param {Seen} now */
function tellMove(before, now) {
  const [from, to] = [before, now].map((seen) => formatProbability(seen.probability));
  return t`Without it the probability went from ${from} to ${to}.`;
}

/** @param {Seen} before @param {Seen} now */
function compareWord(before, now) {
  const word = now.out.find((name) => !before.out.includes(name)) ?? '';
  const share = before.shares.get(word);
  if (share === undefined) return tellMove(before, now);
  return t`“${word}” had ${formatPercent(share)} of the attention. ${tellMove(before, now)}`;
}
