// The time-lapse of a run in the app.

import { defineComponent, Newest } from './component.js';
import { LapseView } from './lapse_view.js';

/** @import { Call, Root } from './component.js' */
/** @import { PlainLapse } from './lapse_data.js' */
/** @import { Hues } from './scales.js' */

/** @typedef {{ run: string, lapse: PlainLapse | null, hues: Hues, made: number }} LapseData */

class RunLapse {
  /**
   * @param {Root} root
   * @param {LapseData} data
   */
  constructor(root, { hues }) {
    this.view = new LapseView(root, hues);
    this.newest = new Newest();
    /** @type {string | null} */
    this.run = null;
    this.json = '';
  }

  /** @param {Call<LapseData>} call */
  update({ data }) {
    if (this.newest.isOlder(data)) return;
    const json = JSON.stringify(data.lapse);
    if (data.run === this.run && json === this.json) return;
    const isNew = data.run !== this.run;
    Object.assign(this, { run: data.run, json });
    this.view.show(data.lapse, isNew);
  }

  /** @param {Error} error */
  fail(error) {
    this.view.fail(error);
  }

  stop() {
    this.view.stop();
  }
}

export default defineComponent((root, /** @type {LapseData} */ data) => new RunLapse(root, data));
