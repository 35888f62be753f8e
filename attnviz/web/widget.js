// The notebook's widget: the editor in a cell's output. The kernel brings the network once; after that it is only told.

import { find, make } from './dom.js';
import { t } from './language.js';
import { pickMethod } from './live_address.js';
import { LiveStage } from './live_stage.js';

/** @import { NetworkEntry } from './live_address.js' */
/** @import { Settings, Told } from './live_stage.js' */

/**
 * What anywidget gives: the traits of the Python side, and messages to it.
 *
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(content: unknown) => void} send
 * @property {(event: string, listener: (...given: any[]) => void) => void} on
 * @property {(event: string, listener: (...given: any[]) => void) => void} off
 */

/**
 * @typedef {object} Opened
 * @property {NetworkEntry} entry
 * @property {Settings} settings
 * @property {string} worker
 * @property {string} review
 * @property {string} style
 * @property {string} mark
 */

const IDLE = 150; // milliseconds from the last letter until Python is told

/** @type {Map<string, ArrayBuffer>} by mark the networks that the kernel has brought to this page */
const brought = new Map();

class Widget {
  /**
   * @param {Model} model
   * @param {HTMLElement} place
   */
  constructor(model, place) {
    this.model = model;
    this.root = make('div', 'live-widget');
    place.append(this.root);
    this.shadow = this.root.attachShadow({ mode: 'open' });
    this.shadow.append(t`The network is on its way from the kernel …`);
    /** @type {LiveStage | null} */
    this.stage = null;
    /** @type {NetworkEntry | null} */
    this.entry = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    this.listeners = {
      'msg:custom': (/** @type {Opened} */ opened, /** @type {DataView[]} */ buffers) => this.open(opened, buffers),
      'change:text': () => model.get('text') !== this.stage?.review.text && this.stage?.setText(model.get('text')),
      'change:method': () => this.entry && this.stage?.choose(pickMethod(this.entry, model.get('method')).name),
    };
    for (const [event, listener] of Object.entries(this.listeners)) model.on(event, listener);
    model.send({ has: [...brought.keys()] });
  }

  /**
   * @param {Opened} opened
   * @param {DataView[]} buffers
   */
  async open({ entry, settings, worker, review, style, mark }, [sent]) {
    if (this.stage) return; // another view of the same model asked
    if (sent) brought.set(mark, copy(sent));
    const content = brought.get(mark);
    if (!content) return;
    this.shadow.replaceChildren(make('style', '', style));
    this.shadow.append(document.createRange().createContextualFragment(review));
    this.stage = new LiveStage(this.shadow, settings, worker, (told) => this.tell(told));
    this.entry = entry;
    this.stage.setText(this.model.get('text'));
    try {
      await this.stage.open(content, pickMethod(entry, this.model.get('method')).name);
    } catch (error) {
      find(this.shadow, '.status').textContent = String(error);
    }
  }

  /** @param {Told} told */
  tell(told) {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.model.set('text', told.typed);
      this.model.set('answer', told);
      this.model.save_changes();
    }, IDLE);
  }

  stop() {
    for (const [event, listener] of Object.entries(this.listeners)) this.model.off(event, listener);
    clearTimeout(this.telling);
    this.stage?.stop();
  }
}

/** @param {DataView} view */
const copy = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer;

/** @param {{ model: Model, el: HTMLElement }} cell */
function render({ model, el }) {
  const widget = new Widget(model, el);
  return () => widget.stop();
}

export default { render };
