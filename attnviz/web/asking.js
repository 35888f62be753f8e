// One question at a time: the newest goes out when the last one is answered, so that nothing queues while a hand moves.

const PATIENCE_MS = 350;
const LOST_MS = 20_000;

/**
 * What is asked for beside the sliders' values; `settled` says that the hand rests.
 *
 * @typedef {{ settled?: boolean, repeat?: boolean, word?: number }} Extra
 */

/** @typedef {Record<string, unknown> & { seq: number, settled: boolean }} Question */

export class Asking {
  /**
   * @param {number} answered the number of the last question that was answered
   * @param {number} settleMs how long a hand rests until the rest of the page follows
   * @param {object} asker
   * @param {(extra: Extra) => Record<string, unknown>} asker.question what is asked now
   * @param {(extra: Extra) => void} asker.wait called when an answer takes long
   */
  constructor(answered, settleMs, { question, wait }) {
    this.answered = answered;
    this.seq = answered;
    this.settleMs = settleMs;
    this.question = question;
    this.wait = wait;
    this.lost = false;
    /** @type {Extra | null} */
    this.pending = null;
    /** @type {(question: Question) => void} belongs to one run of the page, so it is set anew at each */
    this.send = () => {};
    /** @type {Record<'settle' | 'wait' | 'lost', ReturnType<typeof setTimeout> | undefined>} */
    this.timers = { settle: undefined, wait: undefined, lost: undefined };
  }

  /** Whether nothing is under way; a question that was lost on its way counts as answered after a while. */
  get isIdle() {
    return this.isAnsweredBy(this.answered);
  }

  /**
   * Whether nothing will be under way once Python has answered so far.
   *
   * @param {number} answered
   */
  isAnsweredBy(answered) {
    return Math.max(this.answered, answered) >= this.seq || this.lost;
  }

  /** @param {Extra} [extra] */
  ask(extra = {}) {
    clearTimeout(this.timers.settle);
    this.pending = { ...this.pending, ...extra };
    if (this.isIdle) this.fire();
  }

  fire() {
    const extra = this.pending ?? {};
    this.pending = null;
    this.seq += 1;
    this.lost = false;
    clearTimeout(this.timers.wait);
    this.timers.wait = setTimeout(() => this.wait(extra), PATIENCE_MS);
    this.awaitAnswer();
    this.send({ ...this.question(extra), seq: this.seq, settled: Boolean(extra.settled) });
  }

  awaitAnswer() {
    clearTimeout(this.timers.lost);
    this.timers.lost = setTimeout(() => {
      this.lost = true;
      if (this.pending) this.fire();
    }, LOST_MS);
  }

  /**
   * Called whenever Python has drawn: the newest question goes out. If there is none and the rest of the page is about
   * something older, it follows once the hand is idle.
   *
   * @param {number} answered the number of the last question that this answers
   * @param {boolean} isOlder whether the rest of the page is
   */
  follow(answered, isOlder) {
    this.answered = Math.max(this.answered, answered);
    if (!this.isIdle) {
      this.awaitAnswer(); // `stop` may have been called between two drawings
      return;
    }
    this.stop();
    if (this.pending) this.fire();
    else if (isOlder) this.timers.settle = setTimeout(() => this.ask({ settled: true }), this.settleMs);
  }

  /** Nothing follows by itself any more. */
  stop() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}
