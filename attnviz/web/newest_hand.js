// Whose hand was last: the one that types here, or the one that chose a text elsewhere on the page. A text that was
// asked for before the last letter comes too late, whatever else was clicked since: a tab or another page is no text.

const ACTS = 'button:not([role="tab"]), canvas, [role="gridcell"]';

export class NewestHand {
  /** @param {Node} root where one types */
  constructor(root) {
    this.root = root;
    this.typed = 0;
    this.elsewhere = 0;
    this.look = this.look.bind(this);
    for (const name of ['click', 'keydown']) document.addEventListener(name, this.look, { capture: true });
  }

  /** @param {Event} event */
  look(event) {
    const path = event.composedPath();
    if (path.includes(this.root) || !(path[0] instanceof Element) || !path[0].closest(ACTS)) return;
    this.elsewhere = performance.now();
  }

  type() {
    this.typed = performance.now();
  }

  get isHere() {
    return this.typed > this.elsewhere;
  }

  stop() {
    for (const name of ['click', 'keydown']) document.removeEventListener(name, this.look, { capture: true });
  }
}
