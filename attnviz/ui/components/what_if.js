// What if a word were not there? Clicks on words become steps, [place, what is read there]: '' leaves the word out, null
// brings it back. The steps belong to this side, as the text does; Python answers with the probability after each one.

function mountWhatIf(view) {
  const { one, reading } = view, input = one('.replacement');
  view.asked = () => JSON.stringify([view.steps, view.at]);
  reading.addEventListener('click', (event) => {
    const token = event.target.closest?.('.token');
    if (token && !getSelection().toString()) toggle(view, token);
  });
  reading.addEventListener('focusin', (event) => { if (event.target.matches('.token')) touch(view, event.target); });
  reading.addEventListener('keydown', (event) => {
    const token = event.target.closest?.('.token'), key = event.key.toLowerCase();
    if (!token) return;
    if (event.ctrlKey || event.metaKey) {
      if (key === 'z' || key === 'y') { goToStep(view, view.at + (key === 'z' && !event.shiftKey ? -1 : 1)); event.preventDefault(); }
      return;
    }
    if (key === 'enter' || key === ' ' || key === 'delete') { toggle(view, token); event.preventDefault(); }
    if (key === 'r') { touch(view, token); input.focus(); event.preventDefault(); }
    if (!event.altKey) event.stopPropagation();  // Streamlit has shortcuts of its own, R among them
  });
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Enter' || event.isComposing) return;
    if (addStep(view, view.touched, input.value.trim())) input.value = '';
    reading.querySelectorAll('.token')[view.focus]?.focus();
  });
  one('.undo').addEventListener('click', () => goToStep(view, view.at - 1));
  one('.redo').addEventListener('click', () => goToStep(view, view.at + 1));
  one('.restore').addEventListener('click', () => goToStep(view, 0));
  one('.trail').addEventListener('click', (event) => {
    const step = event.target.closest('button');
    if (step) goToStep(view, Number(step.dataset.step));
  });
}

function startTrail(view, steps, at) {
  view.steps = steps;
  view.at = at;
  view.touched = null;
  view.one('.replace').hidden = true;
}

// The word that the replacement is for: the last one that was clicked or focused.
function touch(view, token) {
  const whole = [...view.reading.querySelectorAll(`[data-place="${token.dataset.place}"]`)], word = whole.map((part) => part.textContent).join(' ');
  view.touched = Number(token.dataset.place);
  view.one('.touched').textContent = word;
  view.one('.replacement').setAttribute('aria-label', `Read instead of ${word}`);
  view.one('.replace').hidden = false;
}

function toggle(view, token) {
  addStep(view, Number(token.dataset.place), token.getAttribute('aria-pressed') === 'true' ? null : '');
}

// Whether there was room for the step.
function addStep(view, place, read) {
  if (view.shown !== view.box.value || view.steps.length >= view.limits.steps) return false;  // the places are those of another text
  view.steps = [...view.steps.slice(0, view.at), [place, read]];
  goToStep(view, view.steps.length);
  return true;
}

// By place what is read there after the steps that count; null if the words on the screen are those of another text.
const readsNow = (view) => (view.shown === view.box.value ? new Map(view.steps.slice(0, view.at)) : null);

function goToStep(view, at) {
  if (view.shown !== view.box.value || at < 0 || at > view.steps.length || at === view.at) return;
  view.at = at;
  redraw(view);  // at once, before the answer: a second click on the same word must bring it back
  view.freshness();
  clearTimeout(view.resting);
  view.send({ text: view.box.value, steps: view.steps, at });
}

function showTrail(view, trail) {
  const { one } = view, list = one('.trail'), labels = trail ? trail.labels : [];
  view.one('.undo').disabled = view.at === 0;
  view.one('.redo').disabled = view.at === view.steps.length;
  view.one('.restore').disabled = view.at === 0;
  labels.forEach((label, index) => {
    let item = list.children[index];
    if (!item) {
      item = document.createElement('li');
      const button = Object.assign(document.createElement('button'), { type: 'button' });
      button.append(document.createElement('span'), ' ', document.createElement('b'), document.createElement('span'));
      item.append(button);
      list.append(item);
    }
    const button = item.firstChild, [name, probability, change] = [button.children[0], button.children[1], button.children[2]];
    const [before, now] = [trail.probabilities[index - 1], trail.probabilities[index]];
    const moved = index && before !== null && now !== null ? now - before : null;
    name.textContent = label;
    probability.textContent = trail.texts[index];
    change.textContent = moved === null ? '' : ` (${moved < 0 ? '−' : '+'}${Math.abs(moved).toFixed(3)})`;
    button.dataset.step = index;
    button.className = index > view.at ? 'undone' : '';
    if (index === view.at) button.setAttribute('aria-current', 'step'); else button.removeAttribute('aria-current');
  });
  while (list.children.length > labels.length) list.lastChild.remove();
}
