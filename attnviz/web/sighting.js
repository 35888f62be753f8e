// A mark that says when its place of the page is looked at: it is in view, and the browser's tab is the one in front.

import { defineComponent, hostOf } from './component.js';

/** @import { Call, Root } from './component.js' */

class Sighting {
  /** @param {Root} root */
  constructor(root) {
    this.host = hostOf(root);
    this.name = '';
    this.told = '';
    this.inView = false;
    /** @type {(name: string) => void} */
    this.send = () => {};
    this.tell = this.tell.bind(this);
    this.observer = new IntersectionObserver((entries) => {
      this.inView = entries[entries.length - 1].isIntersecting;
      this.tell();
    });
  }

  /** @param {Call<{ name: string }>} call */
  update({ data, setTriggerValue }) {
    this.name = data.name;
    this.send = (name) => setTriggerValue('seen', name);
    this.observer.observe(this.host); // again, where Streamlit has put the same node back
    document.addEventListener('visibilitychange', this.tell);
    this.tell();
  }

  /** Each name is told once. */
  tell() {
    if (!this.inView || document.hidden || this.name === this.told) return;
    this.told = this.name;
    this.send(this.name);
  }

  fail() {}

  stop() {
    this.observer.disconnect();
    document.removeEventListener('visibilitychange', this.tell);
  }
}

export default defineComponent((root) => new Sighting(root));
