// The review where there is no server: a network of the browser's own answers everything that can be asked of it.

import { ATTENTION, explainSigned } from './explain_reading.js';
import { LeaveOneOut, OCCLUSION } from './leave_one_out.js';
import { LiveReview } from './live_review.js';
import { openNetwork } from './network.js';
import { drawReview } from './review_picture.js';

import { writeExplanation } from './written_explanation.js';

/** @import { Root } from './component.js' */
/** @import { Read } from './late_scores.js' */
/** @import { Network } from './network.js' */
/** @import { Hues } from './scales.js' */

/** @typedef {{ hues: Hues, limits: { steps: number, replacement: number }, placeholder: string }} Settings */

/** @typedef {{ typed: string, method: string, explanation: ReturnType<typeof writeExplanation> }} Told */

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
    /** @type {Network | null} */
    this.network = null;
    /** @type {LeaveOneOut | null} */
    this.leaving = null;
    this.review = new LiveReview(root, {
      ...settings,
      loadPicture: async () => drawReview,
      changed: () => {},
      hasRead: (read) => this.follow(read),
    });
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
    this.review.use(null); // what it read is answered anew
    this.choose(method);
    this.review.use(network);
  }

  /** @param {string} method */
  choose(method) {
    const asked = method === OCCLUSION.name ? OCCLUSION : ATTENTION;
    this.review.choose({ method: asked, target: null, engine: 'browser' });
  }

  /** @param {string} text */
  setText(text) {
    this.review.setText(text);
  }

  /**
   * Attention is on the screen already; what comes of leaving words out follows, unless something newer is asked.
   *
   * @param {Read} read
   */
  async follow(read) {
    const { reading, reader, edited, key } = read;
    this.leaving?.begin();
    if (!this.review.asked.method.signed) return this.report(read, reading.scores ?? []);
    const changes = reading.tokens.length ? await this.leaving?.measure(reading.text) : [];
    if (!changes) return;
    this.review.show(explainSigned(OCCLUSION, reading, reader, changes, edited), key, null);
    this.report(read, changes);
  }

  /**
   * @param {Read} read
   * @param {ArrayLike<number>} scores
   */
  report({ reading, typed }, scores) {
    const method = this.review.asked.method.name;
    const network = /** @type {Network} */ (this.network);
    this.tell({ typed, method, explanation: writeExplanation(reading, scores, method, network) });
  }

  stop() {
    this.leaving?.stop();
    this.review.stop();
  }
}
