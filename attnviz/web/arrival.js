// What has just come onto the page is brought into view, once. What is well in view already stays: somebody may be
// reaching for it.

import { defineComponent, hostOf } from './component.js';

/** @import { Call, Root } from './component.js' */

const SETTLING_MS = 300; // what stood above may be folding up
const BAR = 80; // pixels of the bar of the pages, and some room

class Arrival {
  /** @param {Root} root */
  constructor(root) {
    this.host = hostOf(root);
    this.name = '';
  }

  /** @param {Call<{ name: string }>} call */
  update({ data }) {
    if (data.name === this.name) return;
    this.name = data.name;
    setTimeout(() => this.show(), SETTLING_MS);
  }

  show() {
    const { top } = this.host.getBoundingClientRect();
    if (top < BAR || top > innerHeight * 0.75) this.host.scrollIntoView({ block: 'center' });
    this.host.dataset.arrived = this.name; // nothing moves any more
  }

  fail() {}
}

export default defineComponent((root) => new Arrival(root));
