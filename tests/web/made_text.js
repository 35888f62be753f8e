// Small highlighted texts for the tests, in the form in which Python sends them.

/** @import { PlainText, TokenRow } from '../../attnviz/web/highlighted_text.js' */

export const HUES = {
  unsigned: 'violet',
  toward: 'blue',
  against: 'orange',
  above: 'teal',
  below: 'rose',
  training: 'grey',
  validation: 'violet',
};

/**
 * "a great film" with a row a word; the rank is given by the score.
 *
 * @param {Record<string, number>} scores by word
 * @param {Partial<PlainText['scale']>} [scale]
 * @returns {PlainText}
 */
export function makeText(scores, scale = {}) {
  let start = 0;
  const words = Object.keys(scores);
  const order = Object.values(scores).map(Math.abs);
  /** @type {TokenRow[]} */
  const tokens = words.map((word, place) => {
    const rank = 1 + order.filter((size) => size > order[place]).length;
    const row = /** @type {TokenRow} */ ([word, word, start, start + word.length, scores[word], rank, true, 'read']);
    start += word.length + 1;
    return row;
  });
  const gaps = ['', ...words.slice(1).map(() => ' '), '.'];
  const full = Math.max(...order, 0);
  const whole = { full, signed: false, name: 'attention weight', toward: 'positive', against: 'negative', ...scale };
  return { head: '', truncated: 0, tokens, gaps, scale: whole };
}
