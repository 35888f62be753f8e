// The editor where there is no server: it asks as it does in the app, and a network of the browser's own answers.

import { hostOf } from './component.js';
import { describeStep, editText } from './edited_text.js';
import { explainReading } from './explain_reading.js';
import { LeaveOneOut } from './leave_one_out.js';
import { openNetwork } from './network.js';
import { formatProbability } from './numbers.js';
import { default as showEditor } from './review_editor.js';
import { writeExplanation } from './written_explanation.js';

/** @import { Root } from './component.js' */
/** @import { EditedText } from './edited_text.js' */
/** @import { Method } from './explain_reading.js' */
/** @import { Network, Reading } from './network.js' */
/** @import { Explained } from './review_editor.js' */
/** @import { Hues } from './scales.js' */
/** @import { Step } from './steps.js' */
/** @import { Trail } from './trail.js' */

/** @typedef {{ hues: Hues, limits: { steps: number, replacement: number }, placeholder: string }} Settings */

/** @typedef {{ typed: string, method: string, explanation: ReturnType<typeof writeExplanation> }} Told */

const PATIENCE = 300; // milliseconds until the answer is shown without what the words did to it

export class LiveStage {
  /**
   * @param {Root} root holds review.html
   * @param {Settings} settings
   * @param {string} worker the text of leave_one_out_worker.js
   * @param {(told: Told) => void} tell called with each answer that is on the screen
   */
  constructor(root, settings, worker, tell = () => {}) {
    this.root = root;
    this.settings = settings;
    this.worker = worker;
    this.tell = tell;
    this.text = '';
    /** @type {Step[]} */
    this.steps = [];
    this.at = 0;
    this.revision = 0;
    this.made = 0;
    /** @type {Network | null} */
    this.network = null;
    /** @type {LeaveOneOut | null} */
    this.leaving = null;
    /** @type {Method | null} */
    this.method = null;
    /** @type {Explained | null} */
    this.explained = null;
    /** @type {Map<string, number | null>} by edited text */
    this.known = new Map();
    this.message = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
  }

  /**
   * Let a network read from now on.
   *
   * @param {ArrayBuffer} content its file
   * @param {Method} method
   */
  async open(content, method) {
    const network = await openNetwork(content);
    this.leaving?.stop();
    this.leaving = new LeaveOneOut(network, content, this.worker);
    this.network = network;
    this.known.clear();
    this.explained = null;
    this.choose(method);
  }

  /** @param {Method} method */
  choose(method) {
    this.method = method;
    this.answer();
  }

  /** @param {string} text */
  setText(text) {
    this.text = text;
    this.steps = [];
    this.at = 0;
    this.revision += 1;
    this.answer();
  }

  /** @param {{ text: string, steps: Step[], at: number }} asked */
  ask({ text, steps, at }) {
    Object.assign(this, { text, steps, at });
    this.answer();
  }

  answer() {
    this.message = '';
    try {
      this.read();
    } catch (error) {
      this.message = error instanceof Error ? error.message : String(error);
    }
    this.show();
  }

  read() {
    const { network, method } = this;
    if (!network || !method) return;
    const edited = editText(this.text, this.steps.slice(0, this.at));
    const reading = network.read(edited.text);
    this.known.set(edited.text, reading.probabilities?.[network.findTarget(reading.probabilities)] ?? null);
    this.leaving?.begin(); // nobody waits for the text before
    clearTimeout(this.waiting);
    if (method.signed && reading.tokens.length) this.leaveOut(reading, edited, method);
    else this.take(reading, reading.scores ?? [], edited, method);
  }

  /**
   * @param {Reading} reading
   * @param {EditedText} edited
   * @param {Method} method
   */
  async leaveOut(reading, edited, method) {
    this.waiting = setTimeout(() => this.showMeanwhile(reading, edited, method), PATIENCE);
    const scores = await this.leaving?.measure(reading.text);
    if (!scores || this.method !== method) return;
    clearTimeout(this.waiting);
    this.message = '';
    this.take(reading, scores, edited, method);
    this.show();
  }

  /**
   * The answer is there at once, and what the words did to it when each was left out.
   *
   * @param {Reading} reading
   * @param {EditedText} edited
   * @param {Method} method
   */
  showMeanwhile(reading, edited, method) {
    const network = /** @type {Network} */ (this.network);
    this.explained = explainReading(
      network,
      reading,
      reading.tokens.map(() => 0),
      method,
      edited,
    );
    this.message = 'Each word is being left out once …';
    this.show('loading');
  }

  /**
   * @param {Reading} reading
   * @param {ArrayLike<number>} scores
   * @param {EditedText} edited
   * @param {Method} method
   */
  take(reading, scores, edited, method) {
    const network = /** @type {Network} */ (this.network);
    this.explained = explainReading(network, reading, scores, method, edited);
    const explanation = writeExplanation(reading, scores, method.name, network);
    this.tell({ typed: edited.original, method: method.name, explanation });
  }

  /** @param {'ready' | 'loading' | 'error'} state */
  show(state = this.state) {
    const { root, settings, text, steps, at, revision, explained, message } = this;
    this.made += 1;
    showEditor({
      data: {
        ...settings,
        text,
        steps,
        at,
        revision,
        session: '',
        debounce: 0,
        idle: 0,
        followed: true, // there is no rest of the page
        address: null,
        state,
        message,
        explanation: explained,
        trail: this.traceSteps(),
        made: this.made,
      },
      parentElement: root,
      setStateValue: (_, asked) => this.ask(/** @type {any} */ (asked)),
      setTriggerValue: () => {},
    });
    hostOf(root).dataset.engine = 'browser';
  }

  /** Of a text that was read. */
  get state() {
    if (this.message) return 'error';
    return this.network && this.method?.name === this.explained?.method ? 'ready' : 'loading';
  }

  /**
   * What came of each step; a text is read once.
   *
   * @returns {Trail | null}
   */
  traceSteps() {
    const { network, steps, text } = this;
    if (!network || !steps.length) return null;
    const probabilities = [...Array(steps.length + 1).keys()].map((count) => this.find(steps.slice(0, count)));
    return {
      labels: ['as typed', ...steps.map((step) => describeStep(text, step))],
      probabilities,
      texts: probabilities.map((probability) => (probability === null ? '–' : formatProbability(probability))),
    };
  }

  /** @param {Step[]} steps */
  find(steps) {
    const { text } = editText(this.text, steps);
    const network = /** @type {Network} */ (this.network);
    if (!this.known.has(text)) {
      const { probabilities } = network.read(text);
      this.known.set(text, probabilities?.[network.findTarget(probabilities)] ?? null);
    }
    return this.known.get(text) ?? null;
  }

  stop() {
    clearTimeout(this.waiting);
    this.leaving?.stop();
  }
}
