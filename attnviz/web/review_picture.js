// The highlighted review as a picture: the words where the screen has them, in the font of the screen, with the answer,
// the network, the method and the labelled scale. Words that the network did not read are left out, and it says so.

import { plural } from './language.js';
import { formatCount, formatNumber } from './numbers.js';
import { listStops, nameLowEnd } from './scales.js';
import { SVG } from './svg.js';
import { capitalise } from './words.js';

/** @import { Attributes } from './dom.js' */
/** @import { Drawing } from './picture.js' */
/** @import { Hues, Scale } from './scales.js' */
/** @import { TextView } from './text_view.js' */

/**
 * What stands around the text.
 *
 * @typedef {object} Caption
 * @property {string} title
 * @property {string} subtitle
 * @property {Scale} scale
 * @property {number} full the score that has the full colour
 * @property {string} meaning of the scale
 * @property {Hues} hues
 * @property {number} truncated how many words were not read
 * @property {string} file
 */

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Edges */
/** @typedef {Edges & { text: string }} Run letters on one line */
/** @typedef {{ token: HTMLElement | null, runs: Run[] }} Word */

const MARGIN = 28;
const LEAST_WIDTH = 480;
const HEAD = 78;
const RAMP = 160;

/**
 * The default export, too: the app fetches this module when somebody asks for a picture.
 *
 * @param {TextView} view
 * @param {Caption} caption
 * @returns {Promise<Drawing>}
 */
export async function drawReview(view, caption) {
  const style = getComputedStyle(view.box);
  const page = style.getPropertyValue('--st-background-color').trim() || '#ffffff';
  const words = findWords(view);
  const box = view.box.getBoundingClientRect();
  const { top, tall } = findHeight(words);
  const width = Math.ceil(Math.max(box.width + 2 * MARGIN, LEAST_WIDTH));
  const svg = shape(null, 'svg', { 'font-family': style.fontFamily, fill: style.color });
  shape(svg, 'style', {}, await embedFont(style.fontFamily));
  const paper = shape(svg, 'rect', { width, fill: page });
  shape(svg, 'text', { x: MARGIN, y: MARGIN + 16, 'font-size': 20, 'font-weight': 600 }, capitalise(caption.title));
  shape(svg, 'text', { x: MARGIN, y: MARGIN + 38, 'font-size': 14, 'fill-opacity': 0.8 }, caption.subtitle);
  const text = shape(svg, 'g', { transform: `translate(${MARGIN - box.left} ${HEAD + MARGIN - 16 - top})` });
  const rise = getAscent(style);
  for (const word of words) drawWord(text, word, rise, style.fontSize);
  const end = drawScale(svg, caption, HEAD + MARGIN + tall + 20, words.length > 0);
  const height = Math.ceil(end + MARGIN);
  for (const part of [svg, paper]) set(part, { width, height });
  set(svg, { viewBox: `0 0 ${width} ${height}` });
  return { text: new XMLSerializer().serializeToString(svg), width, height, file: caption.file };
}

/** @param {readonly Word[]} words */
function findHeight(words) {
  const runs = words.flatMap((word) => word.runs);
  if (!runs.length) return { top: 0, tall: 0 };
  const top = Math.min(...runs.map((run) => run.top));
  return { top, tall: Math.max(...runs.map((run) => run.bottom)) - top };
}

/**
 * What is read, in pieces without white space: a piece has a run for each line that it stands on.
 *
 * @param {TextView} view
 * @returns {Word[]}
 */
function findWords({ gap, elements }) {
  const words = cutLeaf(gap, null);
  for (const token of elements) {
    words.push(...cutLeaf(/** @type {Text} */ (token.firstChild), token));
    words.push(...cutLeaf(/** @type {Text} */ (token.nextSibling), null));
  }
  return words;
}

/**
 * @param {Text} leaf
 * @param {HTMLElement | null} token
 * @returns {Word[]}
 */
function cutLeaf(leaf, token) {
  const pieces = [...leaf.data.matchAll(/\S+/g)];
  const words = pieces.map((match) => ({ token, runs: findRuns(leaf, match.index, match[0]) }));
  return words.filter(({ runs }) => runs.length);
}

/**
 * @param {Text} leaf
 * @param {number} start
 * @param {string} text
 * @returns {Run[]}
 */
function findRuns(leaf, start, text) {
  const whole = measure(leaf, start, text.length);
  if (whole.length === 1) return [{ ...copyEdges(whole[0]), text }];
  /** @type {Run[]} */
  const runs = [];
  let at = start;
  // It is broken over lines, or written from right to left beside another script.
  for (const character of text) {
    addToRuns(runs, measure(leaf, at, character.length)[0], character);
    at += character.length;
  }
  return runs;
}

/**
 * @param {Run[]} runs
 * @param {DOMRect | undefined} box of the character; one without room goes with the last one
 * @param {string} character
 */
function addToRuns(runs, box, character) {
  const last = runs.at(-1);
  if (!box) {
    if (last) last.text += character;
  } else if (last && Math.abs(last.top - box.top) < 2) {
    last.text += character;
    last.left = Math.min(last.left, box.left);
    last.right = Math.max(last.right, box.right);
  } else runs.push({ ...copyEdges(box), text: character });
}

/**
 * @param {Text} leaf
 * @param {number} start
 * @param {number} length
 */
function measure(leaf, start, length) {
  const range = document.createRange();
  range.setStart(leaf, start);
  range.setEnd(leaf, start + length);
  return [...range.getClientRects()].filter((box) => box.width > 0);
}

/**
 * @param {Edges} edges
 * @returns {Edges}
 */
const copyEdges = ({ left, right, top, bottom }) => ({ left, right, top, bottom });

/**
 * @param {Element} parent
 * @param {Word} word
 * @param {number} rise
 * @param {string} size
 */
function drawWord(parent, { token, runs }, rise, size) {
  const look = token && getComputedStyle(token);
  for (const run of runs) {
    if (token) drawMark(parent, token, run);
    const { left, right, top, text } = run;
    const place = { x: left.toFixed(2), y: (top + rise).toFixed(2), 'font-size': size };
    const fit = { textLength: (right - left).toFixed(2), lengthAdjust: 'spacingAndGlyphs' };
    const letters = /** @type {SVGElement} */ (shape(parent, 'text', { ...place, ...fit }, text));
    if (look && look.textDecorationLine !== 'none') {
      letters.style.textDecoration = `${look.textDecorationLine} ${look.textDecorationStyle}`;
      letters.style.textUnderlineOffset = look.textUnderlineOffset;
    }
  }
}

/**
 * @param {Element} parent
 * @param {HTMLElement} token
 * @param {Run} run
 */
function drawMark(parent, token, { left, right, top, bottom }) {
  const { style } = token;
  const strength = Number(style.getPropertyValue('--strength'));
  const fill = style.getPropertyValue('--hue');
  const line = Number(style.getPropertyValue('--line') || strength) * 4;
  const mark = { x: left.toFixed(2), width: (right - left).toFixed(2), fill };
  const opacity = (strength * 0.5).toFixed(3);
  shape(parent, 'rect', { ...mark, y: top, height: bottom - top, rx: 3, 'fill-opacity': opacity });
  const under = style.getPropertyValue('--line-hue') || fill;
  shape(parent, 'rect', { ...mark, y: bottom - line, height: line, fill: under });
}

/**
 * From the top of a line of letters to the line that they stand on.
 *
 * @param {CSSStyleDeclaration} style
 */
function getAscent({ fontWeight, fontSize, fontFamily }) {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return 0;
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return pen.measureText('x').fontBoundingBoxAscent;
}

/**
 * @param {Element} svg
 * @param {Caption} caption
 * @param {number} y
 * @param {boolean} some whether there is a word
 * @returns where it ends
 */
function drawScale(svg, { scale, full, meaning, hues, truncated }, y, some) {
  if (!some) return y;
  const line = (/** @type {string} */ text, /** @type {number} */ at) =>
    shape(svg, 'text', { x: MARGIN, y: at, 'font-size': 13, 'fill-opacity': 0.8 }, text);
  const ramp = shape(shape(svg, 'defs', {}), 'linearGradient', { id: 'scale' });
  for (const { offset, colour, opacity } of listStops(scale.signed, hues)) {
    shape(ramp, 'stop', { offset, 'stop-color': colour, 'stop-opacity': opacity });
  }
  const start = MARGIN + (scale.signed ? 56 : 16);
  set(line(nameLowEnd(full, scale.signed), y), { 'font-variant-numeric': 'tabular-nums' });
  shape(svg, 'rect', { x: start, y: y - 10, width: RAMP, height: 11, rx: 2, fill: 'url(#scale)' });
  set(line(formatNumber(full, 4), y), { x: start + RAMP + 8 });
  line(meaning, y + 22);
  if (!truncated) return y + 26;
  const n = formatCount(truncated);
  line(plural(truncated)`${n} word was not read and is not shown.|${n} words were not read and are not shown.`, y + 44);
  return y + 48;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * @param {Element | null} parent
 * @param {string} name
 * @param {Attributes} attributes
 * @param {string} [text]
 */
function shape(parent, name, attributes, text) {
  const element = set(document.createElementNS(SVG, name), attributes);
  if (text) element.textContent = text.replace(FORBIDDEN, '\ufffd');
  parent?.appendChild(element);
  return element;
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

const unquote = (/** @type {string} */ name) => name.replace(/["']/g, '').trim();

/** @param {CSSStyleSheet} sheet */
function listRules(sheet) {
  try {
    return [...sheet.cssRules];
  } catch {
    return []; // of another origin
  }
}

/**
 * The page's own font as a rule with the file inside, so that the picture looks the same elsewhere and on a canvas.
 *
 * @param {string} family
 */
async function embedFont(family) {
  const wanted = unquote(family.split(',')[0]);
  const faces = [...document.styleSheets].flatMap(listRules).filter((rule) => rule instanceof CSSFontFaceRule);
  const face = faces.find(({ style }) => {
    const italic = style.getPropertyValue('font-style') === 'italic';
    return !italic && unquote(style.getPropertyValue('font-family')) === wanted;
  });
  const address = face?.style.getPropertyValue('src').match(/url\(["']?([^"')]+)/)?.[1];
  if (!address) return ''; // a font of the machine: other machines take the next of the family
  try {
    const inside = await readAsAddress(new URL(address, face?.parentStyleSheet?.href ?? document.baseURI));
    return `@font-face { font-family: "${wanted}"; font-weight: 200 900; src: url("${inside}"); }`;
  } catch {
    return '';
  }
}

/**
 * A file as a data: address.
 *
 * @param {URL} address
 * @returns {Promise<string>}
 */
async function readAsAddress(address) {
  const file = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = reject;
    reader.readAsDataURL(file);
  });
}

export default drawReview;
