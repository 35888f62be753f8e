// Whose hand was last: the one that types here, or the one that chose a text elsewhere on the page. A text that was
// asked for before the last letter comes too late, whatever else was clicked since: a tab or another page is no text.

const ACTS = 'button:not([role="tab"]), canvas, [role="gridcell"]';

/** It outlives an editor: Streamlit may make that anew at any time, and somebody may choose a text on another page. */
class NewestHand {
  /** @type {Node | null} where one types */
  root = null;
  typed = 0;
  elsewhere = 0;

  /** @param {Node} root of the newest editor */
  watch(root) {
    if (!this.root) {
      for (const name of ['click', 'keydown']) document.addEventListener(name, (event) => this.look(event), true);
    }
    this.root = root;
  }

  /** @param {Event} event */
  look(event) {
    const path = event.composedPath();
    if (path.some((node) => node === this.root) || !(path[0] instanceof Element) || !path[0].closest(ACTS)) return;
    this.elsewhere = performance.now();
  }

  type() {
    this.typed = performance.now();
  }

  get isHere() {
    return this.typed > this.elsewhere;
  }
}

const page = /** @type {{ attnviz_hand?: NewestHand }} */ (/** @type {unknown} */ (globalThis));
page.attnviz_hand ??= new NewestHand();

export const newestHand = page.attnviz_hand;
