// The words of a text with their places, exactly as attnviz/text/words.py finds them.

/**
 * @typedef {object} Spelling
 * @property {number[]} separators codes of what parts words
 * @property {[code: number, spelling: string][]} spellings how single characters are read
 * @property {number} longest_composed a longer word stays as it is spelled
 * @property {number} most_characters a longer text is refused
 */

/** @typedef {{ word: string, start: number, end: number }} Word its place counts JavaScript's letters */

// Python's \s, which is not quite JavaScript's.
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const BREAK = new RegExp(`<[Bb][Rr][${SPACE}]*/?>`, 'g');
const BEYOND_ASCII = /[\u0080-\uffff]/;

export class WordsReader {
  /** @param {Spelling} spelling */
  constructor({ separators, spellings, longest_composed, most_characters }) {
    const codes = separators.map((code) => `\\u${code.toString(16).padStart(4, '0')}`);
    this.words = new RegExp(`[^${codes.join('')}]+`, 'g');
    this.spellings = new Map(spellings.map(([code, letters]) => [String.fromCharCode(code), letters]));
    this.longest = longest_composed;
    this.most = most_characters;
  }

  /**
   * @param {string} text
   * @returns {Word[]}
   */
  split(text) {
    if (text.length > this.most && countCharacters(text) > this.most) {
      const [most, length] = [this.most, countCharacters(text)].map((count) => count.toLocaleString('en'));
      throw new Error(`A text may have at most ${most} characters, this one has ${length}.`);
    }
    const found = [];
    for (const match of text.replace(BREAK, (tag) => ' '.repeat(tag.length)).matchAll(this.words)) {
      const word = this.normalize(match[0]);
      if (word) found.push({ word, start: match.index, end: match.index + match[0].length });
    }
    return found;
  }

  /**
   * A word as the vocabularies spell it; '' if it holds nothing that shows.
   *
   * @param {string} original
   */
  normalize(original) {
    if (!BEYOND_ASCII.test(original)) return original.toLowerCase();
    const word = Array.from(original, (letter) => this.spellings.get(letter) ?? letter)
      .join('')
      .toLowerCase();
    return countCharacters(word) <= this.longest ? word.normalize('NFC') : word;
  }
}

/**
 * As Python counts them: a character of two codes is one.
 *
 * @param {string} text
 */
const countCharacters = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};
