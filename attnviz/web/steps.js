// Changes of the words of a text, one after the other, of which some may be undone.

/** @typedef {[start: number, end: number, read: string | null]} Step '' leaves the word out, null brings it back */

export class Steps {
  /** @type {Step[]} */
  all = [];
  at = 0; // how many of them count

  /**
   * @param {Step[]} all
   * @param {number} at
   */
  start(all, at) {
    this.all = all;
    this.at = at;
  }

  /**
   * Another step after those that count; the undone ones are gone. It does not count yet.
   *
   * @param {Step} step
   * @param {number} most
   * @returns whether there was room for it
   */
  add(step, most) {
    if (this.all.length >= most) return false;
    this.all = [...this.all.slice(0, this.at), step];
    return true;
  }

  /**
   * Whether going there would change something.
   *
   * @param {number} at
   */
  leadsTo(at) {
    return at >= 0 && at <= this.all.length && at !== this.at;
  }

  /** What is read in the place of a word after the steps that count, by where the word starts. */
  get reads() {
    return new Map(this.all.slice(0, this.at).map(([start, , read]) => [start, read]));
  }

  /** The same for the same steps only. */
  get key() {
    return JSON.stringify([this.all, this.at]);
  }
}
