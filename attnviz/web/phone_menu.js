// On a phone the pages stand in a bar that covers the page: it closes itself when one of them was chosen. Streamlit
// leaves it open, and has no setting for that.

import { defineComponent } from './component.js';
import { around } from './dom.js';

const WIDE = 768; // pixels from which Streamlit shows the pages above the content

class PhoneMenu {
  constructor() {
    this.close = this.close.bind(this);
  }

  update() {
    document.addEventListener('click', this.close);
  }

  /** @param {Event} event */
  close(event) {
    if (window.innerWidth >= WIDE || !around(event, '[data-testid="stSidebarNav"] a')) return;
    const button = document.querySelector('button[aria-controls="stSidebar"][aria-expanded="true"]');
    if (button instanceof HTMLElement) button.click();
  }

  fail() {}

  stop() {
    document.removeEventListener('click', this.close);
  }
}

export default defineComponent(() => new PhoneMenu());
