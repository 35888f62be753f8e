// The review editor: a text box, the highlighted text under it, and the answer beside it.
//
// Streamlit calls the function below again on the same node for every new `data`. Listeners are added once; what they
// call is refreshed each time, because setStateValue belongs to one run of the page. The text box belongs to the
// reader: Python writes into it only when `data.revision` changes. All text goes through textContent.

const plain = (text) => text.replace(/\r\n?/g, '\n');  // a text box knows only \n

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement, host = root.host ?? root;
  const one = (selector) => root.querySelector(selector);
  const view = root.attnviz ?? (root.attnviz = mount(root, host, one));
  view.send = (text) => setStateValue('text', text);
  view.delay = data.debounce;
  try {
    update(view, data);
  } catch (error) {  // an exception here would take the reader's text with it
    console.error(error);
    view.status(`The answer could not be shown (${error.message}).`, true);
  }
  return () => clearTimeout(view.timer);
}

function mount(root, host, one) {
  const box = one('textarea'), reading = one('.reading'), tip = one('.tip');
  const view = { host, one, box, reading, timer: 0, revision: null, sent: null, shown: null, focus: 0 };
  view.status = (text, isError) => {
    one('.status').textContent = text;
    one('.status').classList.toggle('error', Boolean(isError));
  };
  view.flush = () => {
    clearTimeout(view.timer);
    view.timer = 0;
    if (box.value !== view.sent) { view.sent = box.value; view.send(box.value); }
  };
  view.freshness = () => {
    const fresh = view.ready && view.shown === box.value;
    one('.editor').classList.toggle('stale', !fresh);
    host.dataset.attnvizReady = String(fresh);
  };
  let composing = false;  // an input method is putting a character together
  const edited = () => {
    view.freshness();
    clearTimeout(view.timer);
    if (!composing) view.timer = setTimeout(view.flush, view.delay);
  };
  box.addEventListener('compositionstart', () => { composing = true; });
  box.addEventListener('compositionend', () => { composing = false; edited(); });
  box.addEventListener('input', edited);
  box.addEventListener('blur', () => { if (view.timer) view.flush(); });
  box.addEventListener('keydown', (event) => {
    event.stopPropagation();  // Streamlit has shortcuts of its own
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { view.flush(); event.preventDefault(); }
  });
  const show = (event) => {
    const token = event.target.closest?.('.token');
    if (!token) return;
    tip.textContent = token.dataset.tip;
    tip.hidden = false;
    const place = token.getBoundingClientRect(), size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${place.bottom + 6}px`;
  };
  const hide = () => { tip.hidden = true; };
  for (const name of ['mouseover', 'focusin']) reading.addEventListener(name, show);
  for (const name of ['mouseout', 'focusout']) reading.addEventListener(name, hide);
  // One tab stop for all words; the arrow keys walk from word to word.
  const walk = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -1e9, End: 1e9 };
  reading.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    if (!(event.key in walk)) return;
    event.preventDefault();
    const tokens = reading.querySelectorAll('.token');
    moveFocus(view, tokens, Math.max(0, Math.min(tokens.length - 1, view.focus + walk[event.key])));
    tokens[view.focus]?.focus();
  });
  reading.addEventListener('focusin', (event) => {
    const tokens = [...reading.querySelectorAll('.token')];
    if (tokens.includes(event.target)) moveFocus(view, tokens, tokens.indexOf(event.target));
  });
  return view;
}

function moveFocus(view, tokens, index) {
  tokens[view.focus]?.setAttribute('tabindex', '-1');
  view.focus = index;
  tokens[index]?.setAttribute('tabindex', '0');
}

function update(view, data) {
  const { one, box, host } = view;
  box.placeholder = data.placeholder;
  if (data.revision !== view.revision) {  // an example was chosen: the text comes from Python
    view.revision = data.revision;
    box.value = data.text;
    view.sent = box.value;
    clearTimeout(view.timer);
    view.timer = 0;
  }
  view.status(data.message, data.state === 'error');
  view.ready = data.state === 'ready';
  if (data.explanation) {
    const result = data.explanation;
    view.shown = plain(result.pieces.map((piece) => piece[0]).join(''));
    showText(view, result);
    showScale(one, result);
    showNotes(one, result.notes);
    showAnswer(one, result);
    showBars(one, result);
    host.dataset.textHash = result.text_hash;
    host.dataset.model = result.model;
    host.dataset.method = result.method;
    host.dataset.probability = result.probability ?? '';
  }
  view.freshness();
}

const hue = (result, score) => (!result.signed ? result.hues.unsigned : score >= 0 ? result.hues.positive : result.hues.negative);
const number = (result, score) => (result.signed && score >= 0 ? '+' : '') + score.toFixed(4);

// A piece is [text] for a gap, [text, word, start, end, score, known, rank] for a word. Nodes are reused in place, so
// that highlights glide and a focused word keeps its focus.
function showText(view, result) {
  const { reading } = view;
  const largest = result.largest || 1;
  result.pieces.forEach((piece, index) => {
    const isToken = piece.length > 1, unread = index === 0 && result.truncated > 0;
    let node = reading.childNodes[index];
    const kind = isToken ? 'token' : unread ? 'unread' : 'gap';
    if (!node || node.kind !== kind) {
      const fresh = kind === 'gap' ? document.createTextNode('') : document.createElement('span');
      fresh.kind = kind;
      if (kind === 'token') { fresh.setAttribute('role', 'button'); fresh.setAttribute('tabindex', '-1'); }
      if (kind === 'unread') Object.assign(fresh, { className: 'unread', tabIndex: 0, ariaLabel: 'Not read by the network' });
      if (node) reading.replaceChild(fresh, node); else reading.appendChild(fresh);
      node = fresh;
    }
    if (node.textContent !== piece[0]) node.textContent = piece[0];
    if (isToken) dress(node, piece, result, largest);
  });
  while (reading.childNodes.length > result.pieces.length) reading.lastChild.remove();
  const tokens = reading.querySelectorAll('.token');
  moveFocus(view, tokens, Math.min(view.focus, Math.max(tokens.length - 1, 0)));
}

function dress(node, [, word, start, end, score, known, rank], result, largest) {
  node.className = known ? 'token' : 'token unknown';
  node.style.setProperty('--hue', hue(result, score));
  node.style.setProperty('--strength', Math.min(Math.abs(score) / largest, 1).toFixed(4));
  Object.assign(node.dataset, { token: word, start, end, score });
  const unknown = known ? '' : ', unknown to the network';
  const place = `rank ${rank} of ${result.count}`;
  node.dataset.tip = `${word}: ${number(result, score)}, ${place}${unknown}`;
  node.setAttribute('aria-label', `${word}, ${result.score_name} ${number(result, score)}, ${place}${unknown}`);
}

function showScale(one, result) {
  const scale = one('.scale'), { unsigned, positive, negative } = result.hues;
  scale.hidden = !result.count;
  const shade = (colour) => `color-mix(in srgb, ${colour} 50%, transparent)`;
  const colours = result.signed ? [shade(negative), 'transparent', shade(positive)] : ['transparent', shade(unsigned)];
  one('.ramp').style.background = `linear-gradient(90deg, ${colours.join(', ')})`;
  one('.low').textContent = result.signed ? `−${result.largest.toFixed(4)}` : '0';
  one('.high').textContent = result.largest.toFixed(4);
  one('.meaning').textContent = `${result.score_name}, linear, relative to this review`;
}

function showNotes(one, notes) {
  one('.notes').replaceChildren(...notes.map((note) => Object.assign(document.createElement('li'), { textContent: note })));
}

function showAnswer(one, result) {
  const known = result.probability !== null, positive = known && result.probability >= 0.5;
  const verdict = Object.assign(document.createElement('small'), { textContent: known ? (positive ? 'positive' : 'negative') : result.answer });
  one('.probability').replaceChildren(result.probability_text, verdict);
  const fill = one('.fill');
  fill.style.width = `${(known ? result.probability : 0) * 100}%`;
  fill.style.background = positive ? result.hues.positive : result.hues.negative;
}

function showBars(one, result) {
  one('.bars-title').textContent = result.method_title;
  one('.bars-help').textContent = result.method_help;
  const list = one('.bars');
  const largest = result.largest || 1;
  result.bars.forEach(([word, score], index) => {
    let row = list.children[index];
    if (!row) {
      row = document.createElement('li');
      row.className = 'bar';
      row.innerHTML = '<span class="word"></span><span class="track"><span class="length"></span></span><span class="value"></span>';
      list.appendChild(row);
    }
    const [name, track, value] = row.children, share = Math.abs(score) / largest * 100;
    name.textContent = name.title = word;
    value.textContent = number(result, score);
    row.style.setProperty('--hue', hue(result, score));
    const length = track.firstChild;
    // Signed bars start in the middle: left toward negative, right toward positive.
    length.style.left = result.signed ? `${score >= 0 ? 50 : 50 - share / 2}%` : '0%';
    length.style.width = `${result.signed ? share / 2 : share}%`;
  });
  while (list.children.length > result.bars.length) list.lastChild.remove();
}
