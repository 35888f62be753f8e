// On a phone the pages stand in a bar that covers the page: it closes itself when one of them was chosen. Streamlit
// leaves it open, and has no setting for that.

const WIDE = 768; // pixels from which Streamlit shows the pages above the content

/** @param {Event} event */
function close({ target }) {
  if (window.innerWidth >= WIDE || !(target instanceof Element)) return;
  if (!target.closest('[data-testid="stSidebarNav"] a')) return;
  const button = document.querySelector('button[aria-controls="stSidebar"][aria-expanded="true"]');
  if (button instanceof HTMLElement) button.click();
}

export default function watch() {
  document.addEventListener('click', close);
  return () => document.removeEventListener('click', close);
}
