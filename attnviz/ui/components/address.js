// The address bar says what is shown, so that a reload or the link brings it back. It is replaced and not pushed: a step
// in the history for each pause in typing would make the way back long. Python reads it on a visitor's first run only.
function showAddress(view, query) {
  if (query === null || query === view.address) return;
  view.address = query;
  history.replaceState(history.state, '', `${location.pathname}${query}`);
}
