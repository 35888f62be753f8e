// White space as Python's str knows it; JavaScript lacks its control characters and has the byte order mark besides.

const SPACES = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const BLANK = new RegExp(`^[${SPACES}]*$`);
const PIECE = new RegExp(`[^${SPACES}]+`, 'g');

/** @param {string} text */
export const isBlank = (text) => BLANK.test(text);

/** @param {string} text */
export const splitPieces = (text) => text.match(PIECE) ?? [];
