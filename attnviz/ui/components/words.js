// The words of a highlighted text: one tab stop for all of them, arrow keys from word to word, and a tip at each.

const WALK = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -1e9, End: 1e9 };

// From the word that has the focus to the one that a key leads to. Other keys, and those of the browser, are left alone.
function walk(event, tokens) {
  const from = [...tokens].indexOf(event.target);
  if (from < 0 || !(event.key in WALK) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  tokens[Math.max(0, Math.min(tokens.length - 1, from + WALK[event.key]))].focus();
}

// Of a text whose words change in place; `view.focus` counts the word that is the tab stop, `view.tipped` has the tip.
function mountWords(view, text) {
  const tip = view.one('.tip');
  view.focus = 0;
  view.showTip = (token) => {
    view.tipped = token;
    tip.textContent = token.dataset.tip;
    tip.hidden = false;
    const place = token.getBoundingClientRect(), size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${place.bottom + 6}px`;
  };
  const show = (event) => {
    const token = event.target.closest?.('.token');
    if (token) view.showTip(token);
  };
  const hide = () => { tip.hidden = true; view.tipped = null; };
  for (const name of ['mouseover', 'focusin']) text.addEventListener(name, show);
  for (const name of ['mouseout', 'focusout']) text.addEventListener(name, hide);
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    walk(event, text.querySelectorAll('.token'));
  });
  text.addEventListener('focusin', (event) => {
    const tokens = [...text.querySelectorAll('.token')];
    if (tokens.includes(event.target)) moveFocus(view, tokens, tokens.indexOf(event.target));
  });
}

function moveFocus(view, tokens, index) {
  tokens[view.focus]?.setAttribute('tabindex', '-1');
  view.focus = index;
  tokens[index]?.setAttribute('tabindex', '0');
}
