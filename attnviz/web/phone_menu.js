// On a phone the pages stand in a bar that covers the page: it closes itself when one of them was chosen. Streamlit
// leaves it open, and has no setting for that. Nor has it one for the language that the page is in.

import { t } from './language.js';

const WIDE = 768; // pixels from which Streamlit shows the pages above the content

/** @param {Event} event */
function close({ target }) {
  if (window.innerWidth >= WIDE || !(target instanceof Element)) return;
  if (!target.closest('[data-testid="stSidebarNav"] a')) return;
  const button = document.querySelector('button[aria-controls="stSidebar"][aria-expanded="true"]');
  if (button instanceof HTMLElement) button.click();
}

export default function watch() {
  document.documentElement.lang = t`en`; // so that screen readers speak the language of the page
  document.addEventListener('click', close);
  return () => document.removeEventListener('click', close);
}
