// What was asked and has no answer yet. A question may get lost: the page was left in the same moment, or ran anew and
// forgot what it waited for. It is kept until Python shows that it knows of it, and asked again.

const PATIENCE = 2000; // milliseconds

/** @typedef {{ text: string, revision: number }} Question */

/** @type {Map<string, Question>} by session; it outlives an editor whose page was left */
const kept = new Map();

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
   * What was typed into the text of this revision before the page was left, if Python does not know of it.
   *
   * @param {{ session: string, revision: number, text: string }} data
   */
  find({ session, revision, text }) {
    const question = kept.get(session);
    return question?.revision === revision && question.text !== text ? question.text : null;
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
