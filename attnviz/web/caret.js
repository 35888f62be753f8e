// Streamlit may make an editor anew while somebody types in it; the new text box goes on where the caret was.

/** @type {HTMLTextAreaElement | null} where somebody types, or did when it was taken off the page */
let last = null;
/** @type {Caret | null} */
let newest = null;

export class Caret {
  /** @param {HTMLTextAreaElement} box */
  constructor(box) {
    this.box = box;
    newest = this;
    box.addEventListener('focus', () => {
      last = box;
    });
    box.addEventListener('blur', () => setTimeout(() => this.leave()));
  }

  /** The reader went elsewhere, or the box was taken away from him. */
  leave() {
    if (last !== this.box) return;
    if (!this.box.isConnected) newest?.goOn();
    else if (!this.box.matches(':focus')) last = null;
  }

  /** Call it once the text is in the box. */
  goOn() {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const { selectionStart, selectionEnd } = last;
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(selectionStart, selectionEnd);
  }
}
