// The rail beside the six steps: which word is followed, where the reader is, and what the network answers.

import { placeGauge } from './answer.js';
import { defineComponent, hostOf } from './component.js';
import { fillChildren, find, make, put } from './dom.js';
import { t } from './language.js';
import { formatCount } from './numbers.js';
import { capitalise } from './words.js';

/** @import { Call, Root } from './component.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} FollowedWord
 * @property {string} name as it is read
 * @property {number} place from 0
 * @property {number} count of the words that are read
 * @property {number | null} previous where the word before it starts
 * @property {number | null} next
 */

/**
 * @typedef {object} ShownAnswer
 * @property {string[]} labels
 * @property {number[]} probabilities of the labels whose one is known; 0 of the others
 * @property {number} shown
 * @property {string} name what the probability is called
 * @property {string} said in digits
 * @property {boolean} unknown whether the network knows none of the words
 * @property {string} usual at temperature 1, in words; '' if that is the one
 */

/**
 * @typedef {object} RailData
 * @property {string[]} steps
 * @property {string} text that it is about
 * @property {FollowedWord | null} word
 * @property {ShownAnswer | null} answer
 * @property {Hues} hues
 */

const UPPER = 0.45; // of the window: a step whose heading is above is the one that is read

class StepRail {
  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.host = hostOf(root);
    this.steps = find(root, '.steps');
    /** @type {Record<'previous' | 'next', HTMLButtonElement>} */
    this.walk = {
      previous: find(root, '.previous', HTMLButtonElement),
      next: find(root, '.next', HTMLButtonElement),
    };
    /** @type {RailData | null} */
    this.data = null;
    /** @type {(asked: { text: string, word: number }) => void} */
    this.follow = () => {};
    this.markStep = this.markStep.bind(this);
    this.listen();
  }

  listen() {
    for (const side of /** @type {const} */ (['previous', 'next'])) {
      this.walk[side].addEventListener('click', () => {
        const start = this.data?.word?.[side];
        if (this.data && typeof start === 'number') this.follow({ text: this.data.text, word: start });
      });
    }
    this.steps.addEventListener('click', (event) => this.goTo(event));
    addEventListener('scroll', this.markStep, { capture: true, passive: true });
  }

  /** @param {Event} event */
  goTo(event) {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const heading = link && document.getElementById(link.hash.slice(1));
    if (!heading) return;
    event.preventDefault(); // the address says text, model and word
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    heading.scrollIntoView({ block: 'start', behavior: still ? 'instant' : 'smooth' });
  }

  /** @param {Call<RailData>} call */
  update({ data, setTriggerValue }) {
    this.follow = (asked) => setTriggerValue('word', asked);
    this.data = data;
    fillChildren(this.steps, data.steps, buildStep, fillStep);
    this.drawWord(data.word);
    this.drawAnswer(data);
    this.markStep();
  }

  /** @param {FollowedWord | null} word */
  drawWord(word) {
    const { root, walk } = this;
    put(find(root, '.word'), { title: word?.name ?? '' }, word?.name ?? '–');
    put(find(root, '.place'), {}, word ? namePlace(word) : t`no word`);
    for (const side of /** @type {const} */ (['previous', 'next']))
      walk[side].disabled = typeof word?.[side] !== 'number';
  }

  /** @param {RailData} data */
  drawAnswer({ answer, hues }) {
    const { root } = this;
    put(find(root, '.label'), {}, answer ? capitalise(answer.name) : t`Probability`);
    put(find(root, '.probability'), {}, answer?.said ?? '–');
    put(find(root, '.usual'), {}, answer?.usual ?? '');
    const fill = find(root, '.fill');
    const { left, width } = answer ? placeGauge(answer) : { left: 0, width: 0 };
    const isToward = answer?.labels.length !== 2 || answer.probabilities[answer.shown] >= 0.5;
    Object.assign(fill.style, {
      left: `${left}%`,
      width: `${width}%`,
      background: isToward ? hues.toward : hues.against,
    });
    find(root, '.half').hidden = answer?.labels.length !== 2;
  }

  /** Which step is read. */
  markStep() {
    const links = [...this.steps.querySelectorAll('a')];
    const tops = links.map(
      (link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top ?? Infinity,
    );
    const at = Math.max(
      tops.findLastIndex((top) => top < innerHeight * UPPER),
      0,
    );
    links.forEach((link, place) => {
      if (place === at) put(link, { 'aria-current': 'step' });
      else link.removeAttribute('aria-current');
    });
    this.host.dataset.step = String(at + 1);
  }

  /** @param {Error} error */
  fail({ message }) {
    put(find(this.root, '.place'), {}, t`The rail could not be drawn (${message}).`);
  }

  stop() {
    removeEventListener('scroll', this.markStep, { capture: true });
  }
}

/** @param {FollowedWord} word */
function namePlace(word) {
  const [place, count] = [formatCount(word.place + 1), formatCount(word.count)];
  return t`word ${place} of ${count}`;
}

const buildStep = () => make('li', '', make('a', '', make('span', 'number'), ' ', make('span', 'name')));

/**
 * @param {HTMLElement} item
 * @param {string} title
 * @param {number} index
 */
function fillStep({ firstElementChild: link }, title, index) {
  if (!link) return;
  put(link, { href: `#step-${index + 1}` });
  put(link.children[0], {}, `${index + 1}.`);
  put(link.children[1], {}, title);
}

export default defineComponent((root) => new StepRail(root));
