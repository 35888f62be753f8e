// The reading curve: the probability after each word, under the text; a place on it can be chosen by pointer or keys.

import { keepKeys, make, put, redrawOnResize } from './dom.js';
import { nameLabel } from './labels.js';
import { t } from './language.js';
import { findNearest, formatCount, formatDigits, formatProbability } from './numbers.js';
import { node, SVG, sizeFrame, tracePath, trim } from './svg.js';
import { capitalise } from './words.js';

/** @typedef {{ word: string, shown?: string }} ReadWord `shown`: its letters in the text */

/**
 * @typedef {object} Beginnings
 * @property {ArrayLike<number | null>} probabilities of the label, one a beginning; null or NaN: no number
 * @property {readonly ReadWord[]} tokens the words that are read
 * @property {readonly number[]} [counts] how many words each beginning has, growing to all; without: 1, 2, 3…
 * @property {string} label
 * @property {boolean} forward whether what follows leaves its reading of the words before as it is
 */

const BOX = { height: 96, left: 30, right: 8, top: 8, bottom: 10 };
const BASE = BOX.height - BOX.bottom;
const TICKS = [0, 0.5, 1];
const OFTEN = ['', t`once`, t`twice`];
/** @type {Record<string, number>} */
const MOVES = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const POINT = t`Each point is the answer to the text up to that word alone, as if it ended there`;
const FORWARD = t`What follows does not change how this network read the words before, only how it weighs them.`;
const BOTH = t`where more words follow, this network may read the same ones differently.`;

const isNumber = (/** @type {number | null} */ value) => value !== null && Number.isFinite(value);
const toY = (/** @type {number} */ probability) => BASE - probability * (BASE - BOX.top);

/**
 * The points between which the side of 0.5 changes, as pairs of points that have a number.
 *
 * @param {ArrayLike<number | null>} probabilities
 */
export function findTurns(probabilities) {
  const known = [...Array.from(probabilities).keys()].filter((point) => isNumber(probabilities[point]));
  const isHigh = (/** @type {number} */ point) => /** @type {number} */ (probabilities[point]) >= 0.5;
  return known
    .slice(1)
    .flatMap((point, index) => (isHigh(point) === isHigh(known[index]) ? [] : [[known[index], point]]));
}

/**
 * What a place of the curve says: after “boring”: 0.310.
 *
 * @param {Beginnings} curve
 * @param {number} point
 */
export function describePoint({ probabilities, tokens, counts }, point) {
  const { word, shown } = tokens[(counts?.[point] ?? point + 1) - 1];
  const found = probabilities[point];
  return t`after “${shown ?? word}”: ${formatProbability(isNumber(found) ? found : null)}`;
}

/**
 * The point that a key leads to; null for a key that moves nothing.
 *
 * @param {string} key
 * @param {number} point where it stands
 * @param {number} last
 */
export function moveByKey(key, point, last) {
  return Object.hasOwn(MOVES, key) ? Math.min(last, Math.max(0, point + MOVES[key])) : null;
}

/**
 * How the probabilities came about, and where they cross 0.5.
 *
 * @param {Beginnings} curve
 */
export function describeCurve({ probabilities, tokens, forward }) {
  const turns = findTurns(probabilities).length;
  const often = OFTEN[turns] ?? t`in ${turns} places`;
  const crossed = turns ? t`it crosses 0.5 ${often}` : t`it never crosses 0.5`;
  const [read, all] = [probabilities, tokens].map(({ length }) => formatCount(length));
  const some = read === all ? crossed : t`${read} of ${all} beginnings were read; among them ${crossed}`;
  const said = capitalise(some);
  return forward ? t`${said}. ${POINT}. ${FORWARD}` : t`${said}. ${POINT}; ${BOTH}`;
}

export class ReadingCurve {
  /**
   * @param {HTMLElement} root is filled; hidden as long as there are less than two points
   * @param {{ moved: (place: number | null) => void }} heard the place of the last word that is read; null: all are
   */
  constructor(root, { moved }) {
    this.root = root;
    this.moved = moved;
    /** @type {Beginnings | null} */
    this.curve = null;
    /** @type {number | null} */
    this.point = null;
    this.width = 200;
    this.svg = document.createElementNS(SVG, 'svg');
    this.name = make('span', 'curve-name');
    this.said = make('output', 'curve-said');
    this.note = make('p', 'curve-note');
    root.replaceChildren(make('p', 'curve-head', this.name, ' ', this.said), this.svg, this.note);
    root.hidden = true;
    this.listen();
  }

  listen() {
    const { svg } = this;
    const style = 'width:100%;display:block;cursor:ew-resize;touch-action:pan-y';
    put(svg, { role: 'slider', tabindex: 0, 'aria-label': t`How far the text is read`, style });
    svg.addEventListener('pointerdown', (event) => this.pointTo(event.clientX));
    svg.addEventListener('pointermove', (event) => {
      if (event.buttons || event.pointerType === 'mouse') this.pointTo(event.clientX);
    });
    for (const name of ['pointerleave', 'blur']) svg.addEventListener(name, () => this.leave());
    keepKeys(svg);
    svg.addEventListener('keydown', (event) => this.press(event));
    redrawOnResize(this.root, this.root, () => this.redraw());
  }

  /** @param {Beginnings | null} curve null: there is none; the place stays empty */
  draw(curve) {
    const drawn = curve && curve.probabilities.length > 1 ? curve : null;
    this.curve = drawn;
    this.root.hidden = !drawn;
    this.leave();
    this.redraw();
  }

  get last() {
    return this.curve ? this.curve.probabilities.length - 1 : 0;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.curve) return;
    if (event.key === 'Escape') this.leave();
    const point = moveByKey(event.key, this.point ?? this.last, this.last);
    if (point === null) return;
    event.preventDefault();
    this.stand(point);
  }

  /** @param {number} clientX */
  pointTo(clientX) {
    if (!this.curve) return;
    const { left } = this.svg.getBoundingClientRect();
    const share = (clientX - left - BOX.left) / (this.width - BOX.left - BOX.right);
    const places = Array.from(this.curve.probabilities, (_, point) => this.countAt(point));
    this.stand(findNearest(places, 1 + share * (this.curve.tokens.length - 1)));
  }

  /** @param {number} point */
  stand(point) {
    if (point === this.point) return;
    this.point = point;
    this.mark();
    this.moved(this.countAt(point) - 1);
  }

  /** The whole text is read again. */
  leave() {
    if (this.point !== null) this.moved(null);
    this.point = null;
    this.mark();
  }

  /** @param {number} point */
  countAt(point) {
    return this.curve?.counts?.[point] ?? point + 1;
  }

  /** @param {number} point */
  toX(point) {
    const words = Math.max(2, this.curve?.tokens.length ?? 2);
    return BOX.left + ((this.countAt(point) - 1) / (words - 1)) * (this.width - BOX.left - BOX.right);
  }

  redraw() {
    const { curve, svg } = this;
    if (!curve) return;
    this.width = sizeFrame(svg, BOX.height);
    this.name.textContent = t`Probability of ${nameLabel(curve.label)} while the text is read`;
    this.note.textContent = describeCurve(curve);
    this.drawAxes();
    const d = this.trace(curve.probabilities);
    put(node(svg, 'path', 'curve'), { fill: 'none', stroke: 'currentColor', 'stroke-width': 2, d });
    const turns = findTurns(curve.probabilities);
    turns.forEach(([, point], index) => {
      const cy = toY(curve.probabilities[point] ?? 0);
      put(node(svg, 'circle', `turn${index}`), { cx: this.toX(point), cy, r: 3.5, fill: 'currentColor' });
    });
    trim(svg, 'turn', turns.length);
    this.mark();
  }

  drawAxes() {
    const { svg } = this;
    for (const tick of TICKS) {
      const y = toY(tick);
      const ends = { x1: BOX.left, x2: this.width - BOX.right, y1: y, y2: y };
      put(node(svg, 'line', `axis-${tick}`), { ...ends, stroke: 'currentColor', 'stroke-opacity': 0.25 });
      const name = { x: BOX.left - 6, y: y + 4, 'text-anchor': 'end', 'font-size': 12, fill: 'currentColor' };
      put(node(svg, 'text', `name-${tick}`), name, formatDigits(tick, 1));
    }
  }

  /**
   * A path through the points, which begins anew after one without a number.
   *
   * @param {ArrayLike<number | null>} probabilities
   */
  trace(probabilities) {
    /** @type {[number, number][][]} */
    const pieces = [[]];
    Array.from(probabilities).forEach((found, point) => {
      if (found !== null && isNumber(found)) pieces[pieces.length - 1].push([this.toX(point), toY(found)]);
      else pieces.push([]);
    });
    return pieces.map(tracePath).join('');
  }

  /** Where it stands: a line, a dot, and in words. */
  mark() {
    const { curve, svg } = this;
    if (!curve) return;
    const point = this.point ?? this.last;
    const found = curve.probabilities[point];
    const x = this.toX(point);
    const shown = this.point === null ? 0 : 1;
    const line = { x1: x, x2: x, y1: BOX.top, y2: BASE, stroke: 'currentColor', opacity: 0.6 * shown };
    put(node(svg, 'line', 'now'), line);
    const dot = { cx: x, cy: toY(found ?? 0), r: isNumber(found) ? 5 : 0, fill: 'currentColor', opacity: shown };
    put(node(svg, 'circle', 'dot'), dot);
    const said = describePoint(curve, point);
    this.said.textContent = shown ? said : '';
    const words = { 'aria-valuemin': 1, 'aria-valuemax': curve.tokens.length, 'aria-valuenow': this.countAt(point) };
    put(svg, { ...words, 'aria-valuetext': said });
  }
}
