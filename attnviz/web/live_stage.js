// The editor where there is no server: a network of the browser's own answers everything that can be asked of it.

import { explainLeftOut } from './explain_reading.js';
import { LeaveOneOut } from './leave_one_out.js';
import { LiveReview } from './live_review.js';
import { openNetwork } from './network.js';

/** @import { Root } from './component.js' */
/** @import { Explained } from './live_review.js' */
/** @import { Network } from './network.js' */
/** @import { Hues } from './scales.js' */
/** @import { Step } from './steps.js' */

/** @typedef {{ hues: Hues, limits: { steps: number, replacement: number }, placeholder: string }} Settings */

export class LiveStage {
  /**
   * @param {Root} root holds review.html
   * @param {Settings} settings
   * @param {string} worker the text of leave_one_out_worker.js
   * @param {(explained: Explained) => void} told called with each answer that is on the screen
   */
  constructor(root, settings, worker, told = () => {}) {
    this.worker = worker;
    this.told = told;
    this.method = 'attention';
    /** @type {LeaveOneOut | null} */
    this.leaving = null;
    this.review = new LiveReview(root, { ...settings, changed: () => this.answer() });
  }

  /**
   * Let a network read from now on.
   *
   * @param {ArrayBuffer} content its file
   * @param {string} method
   */
  async open(content, method) {
    const network = await openNetwork(content);
    this.leaving?.stop();
    this.leaving = new LeaveOneOut(network, content, this.worker);
    this.method = method;
    this.review.use(network);
  }
}
