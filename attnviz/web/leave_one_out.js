// Leaving each word out, beside the page: in a worker where the browser lets us have one, else here in short slices.

import { t } from './language.js';
import { leaveEachOut } from './words_left_out.js';

/** @import { Told } from './leave_one_out_worker.js' */
/** @import { Network } from './network.js' */

const ECHO = t`a word whose meaning others repeat gets little (Li et al. 2016)`;

/** The method, as values/methods.py describes it. */
export const OCCLUSION = {
  name: 'occlusion',
  title: t`Leave a word out`,
  score_name: t`change by the word`,
  help: t`By how much the probability falls when the network reads the text without this one word; ${ECHO}.`,
  signed: true,
};

export class LeaveOneOut {
  /**
   * @param {Network} network
   * @param {ArrayBuffer} content the file that it was opened from
   * @param {string} script the text of leave_one_out_worker.js; '' for none
   */
  constructor(network, content, script) {
    this.network = network;
    this.number = 0;
    /** @type {((scores: Float64Array | null) => void) | null} */
    this.waiting = null;
    this.worker = script ? startWorker(script) : null;
    this.worker?.addEventListener('message', ({ data }) => this.take(data));
    this.worker?.addEventListener('error', () => this.giveUp()); // the browser does without
    this.worker?.postMessage({ content, number: 0 });
  }

  /**
   * The scores of a text's words, or null: there are none, or a newer text was asked about meanwhile.
   *
   * @param {string} text
   * @returns {Promise<Float64Array | null>}
   */
  measure(text) {
    const number = this.begin();
    if (!this.worker) return this.measureHere(text, number);
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.text = text;
      this.worker?.postMessage({ text, number });
    });
  }

  /** Nobody waits any more for what was asked. */
  begin() {
    this.waiting?.(null);
    this.waiting = null;
    this.number += 1;
    return this.number;
  }

  /**
   * @param {string} text
   * @param {number} number
   */
  measureHere(text, number) {
    return leaveEachOut(this.network, text, () => this.number !== number);
  }

  /** @param {Told} told */
  take({ number, scores, failed }) {
    if (failed) this.giveUp();
    else if (number === this.number) this.settle(scores ?? null);
  }

  /** @param {Float64Array | null} scores */
  settle(scores) {
    this.waiting?.(scores);
    this.waiting = null;
  }

  /** The worker failed: what it was asked is done here. */
  giveUp() {
    this.worker?.terminate();
    this.worker = null;
    const { waiting, text = '' } = this;
    this.waiting = null;
    if (waiting) this.measureHere(text, this.number).then(waiting);
  }

  stop() {
    this.begin();
    this.worker?.terminate();
    this.worker = null;
  }
}

/**
 * @param {string} script
 * @returns {Worker | null}
 */
function startWorker(script) {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return new Worker(address);
  } catch {
    return null; // a policy forbids it
  } finally {
    URL.revokeObjectURL(address); // the worker has taken it
  }
}
