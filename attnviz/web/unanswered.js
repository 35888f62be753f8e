// What was asked and has no answer yet. A question may get lost: the page was left in the same moment, or ran anew and
// forgot what it waited for. It is kept until Python shows that it knows of it, and asked again.

/** @import { Step } from './steps.js' */

const PATIENCE = 2000; // milliseconds

/** @typedef {{ text: string, steps: Step[], at: number, revision: number }} Question */

const page = /** @type {{ attnviz_unanswered?: Map<string, Question> }} */ (/** @type {unknown} */ (globalThis));
page.attnviz_unanswered ??= new Map();

/** By session. It outlives an editor that is made anew or whose page was left, and this module where it loads again. */
const kept = page.attnviz_unanswered;

export class Unanswered {
  /** @param {() => void} again asks once more */
  constructor(again) {
    this.again = again;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * @param {string} session
   * @param {Question} question
   */
  keep(session, question) {
    this.note(session, question);
    this.timer = setTimeout(this.again, PATIENCE);
  }

  /**
   * Something is typed that will be asked.
   *
   * @param {string} session
   * @param {Question} question
   */
  note(session, question) {
    kept.set(session, question);
    clearTimeout(this.timer);
  }

  /**
   * What was asked before this editor was there, if Python does not know of it and nothing newer has taken its place.
   *
   * @param {Question & { session: string }} data what Python knows
   * @param {boolean} isNewest whether it was typed after somebody last chose a text elsewhere
   */
  find({ session, text, steps, at, revision }, isNewest) {
    const question = kept.get(session);
    if (!question || (question.revision !== revision && !isNewest)) return null;
    const asked = [question.text, question.steps, question.at];
    return JSON.stringify(asked) === JSON.stringify([text, steps, at]) ? null : question;
  }

  /** @param {string} session */
  settle(session) {
    kept.delete(session);
    clearTimeout(this.timer);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
