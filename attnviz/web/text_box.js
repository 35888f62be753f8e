// The text box belongs to the reader: what is typed goes out after a pause, at once with Ctrl+Enter or when he leaves.

export class TextBox {
  /**
   * @param {HTMLTextAreaElement} box
   * @param {object} editor
   * @param {() => void} editor.edited called at each letter, and while an input method puts one together
   * @param {() => void} editor.paused called when a text is to be asked about, also one that was asked about already
   */
  constructor(box, { edited, paused }) {
    this.box = box;
    this.edited = edited;
    this.paused = paused;
    this.delay = 0; // milliseconds
    this.composing = false; // an input method is putting a character together
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.listen();
  }

  get text() {
    return this.box.value;
  }

  listen() {
    const { box } = this;
    box.addEventListener('compositionstart', () => {
      this.composing = true;
    });
    box.addEventListener('compositionend', () => {
      this.composing = false;
      this.type();
    });
    box.addEventListener('input', () => this.type());
    box.addEventListener('blur', () => {
      if (this.timer) this.flush();
    });
    box.addEventListener('keydown', (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      this.flush();
      event.preventDefault();
    });
  }

  type() {
    this.edited();
    this.stop();
    if (!this.composing) this.timer = setTimeout(() => this.flush(), this.delay);
  }

  flush() {
    this.stop();
    this.paused();
  }

  /** Another text from elsewhere than the box. */
  replace(/** @type {string} */ text) {
    this.stop();
    if (this.box.value !== text) this.box.value = text;
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
