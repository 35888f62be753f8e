// What has just come onto the page is brought into view, once.

import { defineComponent, hostOf } from './component.js';

/** @import { Call, Root } from './component.js' */

const SETTLING_MS = 300; // what stood above may be folding up

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
    setTimeout(() => this.host.scrollIntoView({ block: 'center' }), SETTLING_MS);
  }

  fail() {}
}

export default defineComponent((root) => new Arrival(root));
