// A time-lapse on a page of its own, as a notebook shows it.

import { find } from './dom.js';
import { LapseView } from './lapse_view.js';

/** @import { PlainLapse } from './lapse_data.js' */
/** @import { Hues } from './scales.js' */

function start() {
  /** @type {{ lapse: PlainLapse, hues: Hues }} */
  const { lapse, hues } = JSON.parse(find(document, '#page-data', HTMLScriptElement).textContent ?? '');
  new LapseView(document.body, hues).show(lapse, true);
}

export default start();
