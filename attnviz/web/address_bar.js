/**
 * The address bar says what is shown, so that a reload or the link brings it back. It is replaced and not pushed: a
 * step in the history for each pause in typing would make the way back long. Python reads it on a visitor's first run
 * only.
 */
export class AddressBar {
  /** @type {string | null} */
  shown = null;

  /** @param {string | null} query null leaves it alone */
  show(query) {
    if (query === null || query === this.shown) return;
    this.shown = query;
    history.replaceState(history.state, '', `${location.pathname}${query}`);
  }
}
