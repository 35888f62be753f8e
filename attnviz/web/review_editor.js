// The review editor of the app: what is typed goes to Python, and what Python says of it comes back.

import { AddressBar } from './address_bar.js';
import { Caret } from './caret.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { find, showStatus } from './dom.js';
import { t } from './language.js';
import { LiveReview } from './live_review.js';
import { fetchNetwork } from './network_store.js';
import { newestHand } from './newest_hand.js';
import { Unanswered } from './unanswered.js';

/** @import { Call, Root } from './component.js' */
/** @import { Explained, Method } from './explain_reading.js' */
/** @import { Beginnings } from './reading_curve.js' */
/** @import { Hues } from './scales.js' */
/** @import { Step } from './steps.js' */
/** @import { Trail } from './trail.js' */

/**
 * @typedef {object} EditorData
 * @property {string} text put into the box when `revision` changes
 * @property {number} revision
 * @property {string} session whom Python takes the reader for
 * @property {number} debounce milliseconds from the last letter to the question
 * @property {number} idle milliseconds until the rest of the page follows
 * @property {boolean} followed whether the rest of the page is about this text
 * @property {string | null} address
 * @property {string} placeholder
 * @property {Method} method that is asked for
 * @property {number | null} target the label that is explained; null for the network's own choice
 * @property {string | null} network where the network lies that answers in the browser; null if Python answers
 * @property {string} why it is Python that answers, in a sentence; '' if there is nothing to say
 * @property {string | null} picture where the module lies that draws a picture; null if it cannot be fetched
 * @property {'ready' | 'loading' | 'error'} state
 * @property {string} message
 * @property {Explained | null} explanation
 * @property {Step[]} steps
 * @property {number} at how many of the steps count
 * @property {Trail | null} trail
 * @property {Beginnings | null} curve of the text below, where the browser does not measure it
 * @property {boolean} curve_is_old
 * @property {boolean} can_follow whether the network's way from a word to its answer can be shown
 * @property {{ steps: number, replacement: number }} limits
 * @property {Hues} hues
 * @property {number} made
 */

/** @typedef {{ text: string, steps: Step[], at: number, revision: number, again?: number }} Ask */

const MOST_TIMES = 10; // that a question is repeated

class ReviewEditor {
  /**
   * @param {Root} root
   * @param {EditorData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    /** @type {(ask: Ask) => void} */
    this.send = () => {};
    this.tellIdle = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.idling = undefined;
    /** @type {number | null} */
    this.revision = null;
    /** @type {string | null} */
    this.session = null;
    /** @type {string | null} the last question that Python knows of */
    this.sent = null;
    /** @type {string | null} the address of the network that answers here, or is on its way */
    this.network = null;
    this.times = 0; // that one and the same question was asked
    this.unanswered = new Unanswered(() => this.sendAgain());
    this.newest = new Newest();
    this.address = new AddressBar();
    find(root, '.notes').dataset.training = 'training';
    this.review = new LiveReview(root, {
      ...data,
      loadPicture: () => this.loadPicture(),
      changed: () => this.ask(),
      edited: () => {
        newestHand.type();
        clearTimeout(this.idling);
        this.unanswered.note(this.session ?? '', this.question);
        this.showFollowed();
      },
    });
    this.caret = new Caret(this.review.box.box);
    newestHand.watch(this.host);
  }

  /** The question that the box and its words ask. */
  get question() {
    const { all, at } = this.review.whatIf.steps;
    return { text: this.review.text, steps: all, at, revision: this.revision ?? 0 };
  }

  /** Ask about what is in the box, unless that is asked already. */
  ask() {
    if (JSON.stringify(this.question) === this.sent) this.armIdle();
    else this.sendAll();
  }

  sendAll() {
    this.times = 0;
    this.sent = JSON.stringify(this.question);
    this.unanswered.keep(this.session ?? '', this.question);
    this.data = { ...this.data, followed: false }; // until Python says otherwise
    this.showFollowed();
    this.send(this.question);
  }

  /** What stands below is about what Python was asked last. */
  showFollowed() {
    this.host.dataset.followed = String(this.data.followed && JSON.stringify(this.question) === this.sent);
  }

  /** Python notices only what differs. */
  sendAgain() {
    if (this.times >= MOST_TIMES) return;
    this.times += 1;
    this.unanswered.keep(this.session ?? '', this.question);
    this.send({ ...this.question, again: this.times });
  }

  /** @param {EditorData} data */
  settle({ text, steps, at, revision, session }) {
    if (JSON.stringify({ text, steps, at, revision }) === this.sent) this.unanswered.settle(session);
  }

  /** @param {Call<EditorData>} call */
  update({ data, setStateValue, setTriggerValue }) {
    this.send = (ask) => setStateValue('ask', { ...ask, session: data.session }); // a new session must notice it, too
    this.tellIdle = () => setTriggerValue('idle', true);
    this.review.popover.follow = (word) => setTriggerValue('follow', { text: this.review.text, word });
    if (this.newest.isOlder(data)) return;
    const { review } = this;
    this.data = data;
    review.waits = data.state !== 'ready';
    review.popover.way.hidden = !data.can_follow;
    if (data.network !== this.network) review.use(null); // the one before knows nothing of what is asked now
    review.choose({ method: data.method, target: data.target, engine: 'python' });
    const chosen = this.takeText(data);
    this.settle(data);
    this.takeNetwork(data);
    this.pace();
    showStatus(find(this.root, '.status'), data.message, data.state === 'error');
    if (data.explanation) review.show(data.explanation, JSON.stringify([data.steps, data.at]), data.trail);
    if (data.network === null) review.curve.show(data.curve, data.curve_is_old);
    this.address.show(data.address);
    review.showFreshness();
    this.showFollowed();
    this.host.dataset.session = data.session;
    this.armIdle();
    if (chosen) find(this.root, '.paper').scrollIntoView({ block: 'nearest' }); // it may have been chosen far below
  }

  /**
   * Put a text into the box that comes from elsewhere, unless somebody has typed since he asked for it; returns whether
   * the reader chose it.
   *
   * @param {EditorData} data
   */
  takeText(data) {
    const { review, revision } = this;
    const lost = this.session !== null && data.session !== this.session; // Python began anew; what was typed is here
    const isNew = data.revision !== revision;
    const unsent = revision === null ? this.unanswered.find(data, newestHand.isHere) : null;
    const isLate = isNew && revision !== null && newestHand.isHere && data.text !== review.text;
    this.session = data.session;
    this.revision = data.revision;
    if (lost || isLate) {
      review.box.stop();
      this.sendAll();
    } else if (isNew) {
      review.setText(data.text, data.steps, data.at);
      this.sent = JSON.stringify(this.question);
    }
    if (unsent) {
      review.setText(unsent.text, unsent.steps, unsent.at);
      this.sendAll();
    }
    if (revision === null) this.caret.goOn();
    return isNew && !lost && !isLate && revision !== null;
  }

  /** @param {EditorData} data */
  async takeNetwork({ network, why }) {
    if (network === this.network) return;
    this.network = network;
    this.tellEngine(why);
    if (network === null) return;
    try {
      const opened = await fetchNetwork(network);
      if (this.network !== network) return;
      this.review.use(opened);
      this.pace();
    } catch (error) {
      if (this.network === network) this.tellEngine(t`The server answers: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** Most visitors never ask for a picture: what draws it comes when somebody does. */
  async loadPicture() {
    try {
      const { default: drawReview } = await import(new URL(this.data.picture ?? '', location.href).href);
      return drawReview;
    } catch {
      throw new Error(t`The picture cannot be drawn: the server does not send what draws it.`);
    }
  }

  /** Nobody waits for Python while a network answers here, but for the scores of a signed method. */
  pace() {
    const { review, data } = this;
    review.box.delay = review.network && !data.method.signed ? data.idle : data.debounce;
  }

  /** @param {string} why */
  tellEngine(why) {
    find(this.root, '.engine').textContent = why;
  }

  /** The rest of the page follows a text that is answered, once nobody has typed or changed a word for a while. */
  armIdle() {
    clearTimeout(this.idling);
    const { followed, attnvizReady } = this.host.dataset;
    if (followed !== 'true' && attnvizReady === 'true') this.idling = setTimeout(() => this.tellIdle(), this.data.idle);
  }

  /** @param {Error} error */
  fail({ message }) {
    showStatus(find(this.root, '.status'), t`The answer could not be shown (${message}).`, true);
  }

  stop() {
    this.review.stop();
    this.unanswered.stop();
    clearTimeout(this.idling);
  }
}

export default defineComponent((root, /** @type {EditorData} */ data) => new ReviewEditor(root, data));
