// The review where there is no server: a network of the browser's own answers everything that can be asked of it.

import { explainLeftOut, explainReading } from './explain_reading.js';
import { LeaveOneOut } from './leave_one_out.js';
import { LiveReview } from './live_review.js';
import { openNetwork } from './network.js';
import { writeExplanation } from './written_explanation.js';

/** @import { Root } from './component.js' */
/** @import { EditedText } from './edited_text.js' */
/** @import { Explained } from './explain_reading.js' */
/** @import { Network, Reading } from './network.js' */
/** @import { Hues } from './scales.js' */

/** @typedef {{ hues: Hues, limits: { steps: number, replacement: number }, placeholder: string }} Settings */

/** @typedef {{ typed: string, method: string, explanation: ReturnType<typeof writeExplanation> }} Told */

/** @typedef {{ text: string, words: string[], changes: ArrayLike<number> }} LeftOut what came of leaving words out */

/** @type {LeftOut} */
const NOTHING = { text: '', words: [], changes: [] };

export class LiveStage {
  /**
   * @param {Root} root holds review.html
   * @param {Settings} settings
   * @param {string} worker the text of leave_one_out_worker.js
   * @param {(told: Told) => void} tell called with each answer that is on the screen
   */
  constructor(root, settings, worker, tell = () => {}) {
    this.worker = worker;
    this.tell = tell;
    this.method = 'attention';
    /** @type {Network | null} */
    this.network = null;
    /** @type {LeaveOneOut | null} */
    this.leaving = null;
    this.left = NOTHING;
    this.asked = ''; // the text whose words are being left out
    this.review = new MethodReview(root, this, settings);
  }

  /**
   * Let a network read from now on.
   *
   * @param {ArrayBuffer} content its file
   * @param {string} method
   */
  async open(content, method) {
    const network = await openNetwork(content);
    this.stop();
    this.leaving = new LeaveOneOut(network, content, this.worker);
    this.network = network;
    this.left = NOTHING;
    this.choose(method);
  }

  /** @param {string} method */
  choose(method) {
    this.method = method;
    this.review.use(this.network);
    this.showFreshness();
  }

  /** @param {string} text */
  setText(text) {
    this.review.setText(text);
    this.showFreshness();
  }

  /**
   * @param {Reading} reading
   * @param {Network} network
   * @param {EditedText} edited
   * @returns {Explained}
   */
  explain(reading, network, edited) {
    if (this.method !== 'occlusion') {
      this.forget();
      this.report(reading, reading.scores ?? [], edited);
      return explainReading(reading, network, edited);
    }
    if (this.isLeftOut(reading)) this.report(reading, this.left.changes, edited);
    else this.leaveOut(reading);
    return explainLeftOut(reading, network, carryChanges(this.left, reading), edited);
  }

  /** @param {Reading} reading */
  isLeftOut({ text, tokens }) {
    return !tokens.length || (this.left.text === text && this.left !== NOTHING);
  }

  /**
   * The answer is there at once; what comes of leaving words out replaces what is known of the text before.
   *
   * @param {Reading} reading
   */
  async leaveOut({ text, tokens }) {
    if (this.asked === text) return;
    this.asked = text;
    const changes = await this.leaving?.measure(text);
    if (!changes || this.asked !== text) return;
    this.left = { text, words: tokens.map(({ word }) => word), changes };
    this.forget();
    this.review.read();
    this.redraw();
  }

  /** Nobody waits any more for words to be left out. */
  forget() {
    this.asked = '';
    this.leaving?.begin();
  }

  /**
   * @param {Reading} reading
   * @param {ArrayLike<number>} scores
   * @param {EditedText} edited
   */
  report(reading, scores, { original }) {
    const { method } = this;
    const network = /** @type {Network} */ (this.network);
    this.tell({ typed: original, method, explanation: writeExplanation(reading, scores, method, network) });
  }

  redraw() {
    this.review.redraw();
    this.showFreshness();
  }

  /** While words are being left out, what is shown of it belongs to the text before. */
  showFreshness() {
    this.review.waits = !this.network || this.asked !== '';
    this.review.showFreshness();
  }

  stop() {
    this.forget();
    this.review.stop();
    this.leaving?.stop();
  }
}

/** A review whose words are explained by the method of a stage. */
class MethodReview extends LiveReview {
  /**
   * @param {Root} root
   * @param {LiveStage} stage
   * @param {Settings} settings
   */
  constructor(root, stage, settings) {
    super(root, { ...settings, changed: () => {}, edited: () => stage.showFreshness() });
    this.stage = stage;
  }

  /**
   * @param {Reading} reading
   * @param {Network} network
   * @param {EditedText} edited
   */
  explain(reading, network, edited) {
    return this.stage.explain(reading, network, edited);
  }
}

/**
 * What is known of a text's words from the text before: of those at its beginning and its end that are the same.
 *
 * @param {LeftOut} before
 * @param {Reading} reading
 */
export function carryChanges({ words, changes }, { tokens }) {
  const carried = new Float64Array(tokens.length);
  const most = Math.min(words.length, tokens.length);
  let place = 0;
  for (; place < most && words[place] === tokens[place].word; place += 1) carried[place] = changes[place];
  for (let back = 1; back <= most - place; back += 1) {
    if (words[words.length - back] !== tokens[tokens.length - back].word) break;
    carried[tokens.length - back] = changes[words.length - back];
  }
  return carried;
}
