// Four steps on a first visit, on the page itself: each one looks for what it asked for, and says what came of it.

import { defineComponent } from './component.js';
import { find, put } from './dom.js';
import { t } from './language.js';
import { STEPS } from './tour_steps.js';

/** @import { Root } from './component.js' */
/** @import { Seen } from './tour_steps.js' */

const KEPT = 'attnviz-tour';

/** @returns {Seen | null} null while no answer belongs to the text on the screen */
function look() {
  const editor = /** @type {HTMLElement | null} */ (
    document.querySelector('[data-attnviz-ready="true"][data-text-hash]')
  );
  if (!editor?.shadowRoot) return null;
  const words = /** @type {HTMLElement[]} */ ([...editor.shadowRoot.querySelectorAll('.reading [data-token]')]);
  const out = words.filter((word) => word.getAttribute('aria-pressed') === 'true');
  /** @type {Map<string, number>} */
  const shares = new Map();
  for (const { dataset } of words) {
    const name = dataset.token ?? '';
    shares.set(name, Math.max(shares.get(name) ?? 0, Number(dataset.score)));
  }
  return {
    probability: Number(editor.dataset.probability || Number.NaN),
    out: out.map((word) => word.dataset.token ?? ''),
    shares: editor.dataset.method === 'attention' ? shares : new Map(),
    typed: false,
  };
}

class Tour {
  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.at = 0;
    /** @type {Seen | null} */
    this.before = null;
    this.done = false;
    this.typed = false;
    this.note = this.note.bind(this);
    find(root, '.again').addEventListener('click', () => this.open());
    find(root, '.next').addEventListener('click', () => this.goOn());
    find(root, '.close').addEventListener('click', () => this.close());
    find(root, '.tour').addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
    if (!isClosed()) this.open();
  }

  update() {}

  fail() {}

  stop() {
    clearInterval(this.timer);
    document.removeEventListener('input', this.note);
  }

  /** @param {Event} event */
  note(event) {
    this.typed ||= event.composedPath()[0] instanceof HTMLTextAreaElement;
  }

  open() {
    this.at = 0;
    this.show();
    this.stop();
    this.typed = false;
    document.addEventListener('input', this.note);
    this.timer = setInterval(() => this.watch(), 250);
  }

  close() {
    this.stop();
    find(this.root, '.tour').hidden = true;
    keepClosed();
    find(this.root, '.again').focus();
  }

  goOn() {
    if (this.at === STEPS.length - 1) return this.close();
    this.at += 1;
    this.show();
  }

  show() {
    this.before = look();
    this.done = false;
    find(this.root, '.tour').hidden = false;
    this.say('.step', t`Step ${this.at + 1} of ${STEPS.length}`);
    this.say('.said', STEPS[this.at].asks);
    this.say('.seen', '');
    this.say('.next', this.at === STEPS.length - 1 ? t`Done` : t`Next`);
  }

  /**
   * @param {string} place
   * @param {string} text
   */
  say(place, text) {
    put(find(this.root, place), {}, text);
  }

  /** What was asked for may have happened; a word that is brought back is no news. */
  watch() {
    const found = look();
    if (!found || this.done) return;
    const now = { ...found, typed: this.typed };
    if (!this.before || now.out.length < this.before.out.length) this.before = now;
    const said = STEPS[this.at].look(this.before, now);
    if (said === '') return;
    this.done = true;
    this.say('.seen', said);
  }
}

function isClosed() {
  try {
    return localStorage.getItem(KEPT) === 'closed';
  } catch {
    return true; // where nothing may be kept, it would come again on every visit
  }
}

function keepClosed() {
  try {
    localStorage.setItem(KEPT, 'closed');
  } catch {} // it comes again, then
}

export default defineComponent((root) => new Tour(root));
