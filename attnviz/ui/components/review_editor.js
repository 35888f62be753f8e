// The review editor: a text box, the highlighted text under it, and the answer beside it.
//
// Streamlit calls the function below again on the same node for every new `data`. Listeners are added once; what they
// call is refreshed each time, because setStateValue belongs to one run of the page. The text box belongs to the
// reader: Python writes into it only when `data.revision` changes. All text goes through textContent.

const plain = (text) => text.replace(/\r\n?/g, '\n');  // a text box knows only \n

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement, host = root.host ?? root;
  const one = (selector) => root.querySelector(selector);
  const view = root.attnviz ?? (root.attnviz = mount(root, host, one));
  view.send = (ask) => setStateValue('ask', { ...ask, session: data.session });  // a new session must notice it, too
  view.rest = () => setTriggerValue('rest', true);
  view.delay = data.debounce;
  view.patience = data.rest;
  view.limits = data.limits;
  try {
    update(view, data);
  } catch (error) {  // an exception here would take the reader's text with it
    console.error(error);
    view.status(`The answer could not be shown (${error.message}).`, true);
  }
  return () => { clearTimeout(view.timer); clearTimeout(view.resting); };
}

function mount(root, host, one) {
  const box = one('textarea'), reading = one('.reading');
  const view = { host, one, box, reading, timer: 0, revision: null, sent: null, shown: null, made: 0, steps: [], at: 0 };
  view.status = (text, isError) => {
    one('.status').textContent = text;
    one('.status').classList.toggle('error', Boolean(isError));
  };
  view.flush = () => {
    clearTimeout(view.timer);
    view.timer = 0;
    if (box.value === view.sent) { armRest(view); return; }
    view.sent = box.value;
    startTrail(view, [], 0);  // the words have other places now
    view.send({ text: box.value, steps: [], at: 0 });
  };
  view.freshness = () => {
    const fresh = view.ready && view.shown === box.value && view.answered === view.asked();
    one('.editor').classList.toggle('stale', !fresh);
    host.dataset.attnvizReady = String(fresh);
  };
  let composing = false;  // an input method is putting a character together
  const edited = () => {
    view.freshness();
    clearTimeout(view.resting);
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
  mountWords(view, reading);
  one('.absolute').addEventListener('change', () => redraw(view));
  mountWhatIf(view);
  mountPicture(view);
  return view;
}

function update(view, data) {
  const { one, box, host } = view;
  if (data.made < view.made) return;  // older than what is shown
  view.made = data.made;
  let chosen = false;
  box.placeholder = data.placeholder;
  one('.replacement').maxLength = data.limits.replacement;
  const lost = view.session !== undefined && data.session !== view.session;  // Python began anew; what was typed is here
  view.session = data.session;
  if (lost) {
    view.revision = data.revision;
    if (box.value === view.sent) view.send({ text: box.value, steps: view.steps, at: view.at }); else view.flush();
  } else if (data.revision !== view.revision) {  // an example was chosen: the text comes from Python
    chosen = view.revision !== null;
    view.revision = data.revision;
    box.value = data.text;
    view.sent = box.value;
    clearTimeout(view.timer);
    view.timer = 0;
    startTrail(view, data.steps, data.at);
  }
  view.status(data.message, data.state === 'error');
  view.ready = data.state === 'ready';
  if (data.explanation) {
    const result = view.result = data.explanation;
    view.shown = plain(result.typed ?? result.pieces.map((piece) => piece[0]).join(''));
    view.answered = JSON.stringify([data.steps, data.at]);
    redraw(view);
    showNotes(one, result.notes);
    showAnswer(one, result);
    showBars(one, result);
    host.dataset.textHash = result.text_hash;
    host.dataset.model = result.model;
    host.dataset.method = result.method;
    host.dataset.probability = result.probability ?? '';
  }
  showTrail(view, data.trail);
  showAddress(view, data.address);
  view.freshness();
  host.dataset.rested = String(data.rested);
  armRest(view);
  if (chosen) box.scrollIntoView({ block: 'nearest' });  // it may have been chosen far below the box
}

// The rest of the page follows a text that is answered, once nobody has typed or changed a word for a while.
function armRest(view) {
  clearTimeout(view.resting);
  const { rested, attnvizReady } = view.host.dataset;
  if (rested !== 'true' && attnvizReady === 'true') view.resting = setTimeout(view.rest, view.patience);
}

const hue = (result, score) => (!result.signed ? result.hues.unsigned : score >= 0 ? result.hues.positive : result.hues.negative);
const number = (result, score) => (result.signed && score >= 0 ? '+' : '') + score.toFixed(4);

// Absolute: full colour is a weight of 1, or a change of the probability from 0 to 1.
const fullColour = (view) => (view.one('.absolute').checked ? 1 : view.result.full || 1);

function redraw(view) {
  if (!view.result) return;
  showText(view, view.result, fullColour(view));
  showScale(view.one, view.result, fullColour(view));
}

// A piece is [text] for a gap, [text, word, start, end, score, known, rank, place, kind] for a word. Nodes are reused in
// place, so that highlights glide and a focused word keeps its focus.
function showText(view, result, full) {
  const { reading } = view, reads = readsNow(view);
  result.pieces.forEach((piece, index) => {
    const isToken = piece.length > 1, unread = index === 0 && result.truncated > 0;
    let node = reading.childNodes[index];
    const kind = isToken ? 'token' : unread ? 'unread' : 'gap';
    if (!node || node.kind !== kind) {
      const fresh = kind === 'gap' ? document.createTextNode('') : document.createElement('span');
      fresh.kind = kind;
      if (kind === 'token') { fresh.setAttribute('role', 'button'); fresh.setAttribute('tabindex', '-1'); }
      if (kind === 'unread') Object.assign(fresh, { className: 'unread', tabIndex: 0, role: 'region', ariaLabel: 'Not read by the network' });
      if (node) reading.replaceChild(fresh, node); else reading.appendChild(fresh);
      node = fresh;
    }
    if (node.textContent !== piece[0]) {
      node.textContent = piece[0];
      if (unread) node.scrollTop = node.scrollHeight;  // its end is where the read text goes on
    }
    if (unread) node.dataset.said = `Not read: the first ${result.truncated.toLocaleString('en')} word${result.truncated === 1 ? '' : 's'}`;
    if (isToken) dress(node, piece, result, full, reads);
  });
  while (reading.childNodes.length > result.pieces.length) reading.lastChild.remove();
  const tokens = reading.querySelectorAll('.token');
  moveFocus(view, tokens, Math.min(view.focus, Math.max(tokens.length - 1, 0)));
  if (view.tipped) view.showTip(view.tipped);  // it says the new score
}

// `reads` is what the last clicks say; the answer may be older than they are.
function dress(node, [, word, start, end, score, known, rank, place, kind], result, full, reads) {
  const leftOut = kind === 'left out', changed = reads ? (reads.get(place) ?? null) !== null : kind !== 'read';
  const mark = !changed ? '' : leftOut || reads?.get(place) === '' ? ' left-out' : kind === 'replaced' ? ' replaced' : '';
  const unknown = known ? '' : ', unknown to the network', replaced = kind === 'replaced' ? ', put in by you' : '';
  const share = result.signed && result.total ? `, ${(Math.abs(score) / result.total * 100).toFixed(1)} % of all` : '';
  const said = leftOut ? 'left out' : `${number(result, score)}${share}, rank ${rank} of ${result.count}${unknown}${replaced}`;
  const look = `--hue:${hue(result, score)};--strength:${Math.min(Math.abs(score) / full, 1).toFixed(4)}`;
  const attributes = {
    class: `token${known ? '' : ' unknown'}${mark}`, style: look,
    'data-token': word, 'data-start': start, 'data-end': end, 'data-score': score, 'data-place': place, 'data-tip': `${word}: ${said}`,
    'aria-pressed': changed, 'aria-label': leftOut ? `${word}, left out` : `${word}, ${result.score_name} ${said}`,
  };
  for (const [name, value] of Object.entries(attributes)) {  // what stays the same costs the browser nothing
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

function showScale(one, result, full) {
  const scale = one('.scale'), { unsigned, positive, negative } = result.hues;
  scale.hidden = !result.count;
  const shade = (colour) => `color-mix(in srgb, ${colour} 50%, transparent)`;
  const colours = result.signed ? [shade(negative), 'transparent', shade(positive)] : ['transparent', shade(unsigned)];
  one('.ramp').style.background = `linear-gradient(90deg, ${colours.join(', ')})`;
  one('.low').textContent = result.signed ? `−${full.toFixed(4)}` : '0';
  one('.high').textContent = full.toFixed(4);
  one('.meaning').textContent = `${result.score_name}, linear, ${one('.absolute').checked ? 'absolute' : 'relative to this review'}`;
}

function showNotes(one, notes) {
  one('.notes').replaceChildren(...notes.map((note) => Object.assign(document.createElement('li'), { textContent: note })));
}

function showAnswer(one, result) {
  const known = result.probability !== null, positive = known && result.probability >= 0.5;
  const verdict = Object.assign(document.createElement('small'), { textContent: known ? (positive ? 'positive' : 'negative') : result.answer });
  const said = `${result.probability_text} ${verdict.textContent}`;  // read aloud whenever its nodes change
  if (one('.probability').textContent !== said) one('.probability').replaceChildren(result.probability_text, ' ', verdict);
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
