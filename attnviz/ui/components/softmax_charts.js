// What is drawn: bars for scores and weights, and the text with its words highlighted. Parts are changed in place, so
// that they glide from one temperature to the next.

const SCORES = { top: 24, height: 96 }, WEIGHTS = { top: 168, height: 150 };
const LEFT = 46, FLOOR = 24, LABELS = 92, ROOM = 15, CAPS = [0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1];

const cut = (word, length) => (word.length > length ? `${word.slice(0, length - 1)}…` : word);
const slotOf = (view, width) => (width - LEFT) / view.weights.length;

function placeAt(view, x) {
  const { left, width } = view.one('svg').getBoundingClientRect(), place = Math.floor((x - left - LEFT) / slotOf(view, width));
  return place >= 0 && place < view.weights.length ? place : null;
}

function drawBars(view) {
  const { data, scores, weights } = view, svg = view.one('svg'), width = Math.max(svg.clientWidth, 200);
  const count = weights.length, slot = slotOf(view, width), named = slot >= ROOM;
  const base = WEIGHTS.top + WEIGHTS.height, height = base + (named ? LABELS : FLOOR);
  set(svg, { viewBox: `0 0 ${width} ${height}`, height });
  const highest = Math.max(...scores, 0), lowest = Math.min(...scores, 0), unit = SCORES.height / (highest - lowest || 1), cap = CAPS.find((top) => top >= Math.max(...weights)) ?? 1;
  const zero = SCORES.top + highest * unit, even = base - WEIGHTS.height / count / cap;
  set(node(svg, 'text', 'scores'), { class: 'title', x: 0, y: 12 }, data.feature === null && data.scores[0].length > 1 ? `Mean of the ${data.scores[0].length} scores` : 'Scores');
  set(node(svg, 'text', 'weights'), { class: 'title', x: 0, y: WEIGHTS.top - 16 }, 'Weights after the softmax');
  const near = (y) => Math.abs(y - zero) < 13;  // its number would touch that of 0
  axis(svg, 'high', SCORES.top, width, near(SCORES.top) ? '' : highest.toFixed(2));
  axis(svg, 'low', SCORES.top + SCORES.height, width, near(SCORES.top + SCORES.height) ? '' : `−${(-lowest).toFixed(2)}`);
  axis(svg, 'zero', zero, width, '0');
  axis(svg, 'cap', WEIGHTS.top, width, cap.toFixed(cap < 0.01 ? 3 : 2));
  axis(svg, 'base', base, width, '0');
  const bars = node(svg, 'g', 'bars'), thick = Math.min(Math.max(slot * 0.78, 0.6), 64);
  weights.forEach((weight, place) => {
    const bar = node(bars, 'g', `word${place}`), x = LEFT + place * slot, followed = place === data.word;
    const long = Math.abs(scores[place]) * unit, tall = Math.min(weight / cap, 1) * WEIGHTS.height;
    set(node(bar, 'rect', 'score'), {
      x: x.toFixed(2), width: thick.toFixed(2), y: (scores[place] > 0 ? zero - long : zero).toFixed(2), height: Math.max(long, 0.5).toFixed(2),
      fill: scores[place] > 0 ? data.hues.positive : data.hues.negative, 'fill-opacity': followed ? 1 : 0.6,
    });
    set(node(bar, 'rect', 'weight'), {
      x: x.toFixed(2), width: thick.toFixed(2), y: (base - Math.max(tall, 0.5)).toFixed(2), height: Math.max(tall, 0.5).toFixed(2),
      fill: data.hues.attention, 'fill-opacity': followed ? 1 : 0.6,
    });
    const at = x + thick / 2, turn = `translate(${(at + 4).toFixed(1)} ${base + 10}) rotate(-60)`;
    set(node(bar, 'text', 'name'), { class: followed ? 'strong' : 'small', 'text-anchor': 'end', transform: turn }, named ? cut(wordsOf(view)[place].word, 12) : '');
    const mark = node(bar, 'path', 'mark');
    set(mark, { class: 'mark', d: followed && !named ? `M${at} ${base + 4}l5 9h-10z` : 'M0 0' });
  });
  trim(bars, 'word', count);
  // Above the bars, so that it stays in sight.
  set(node(svg, 'line', 'even'), { class: 'even', x1: LEFT, x2: width, y1: even, y2: even });
  set(node(svg, 'text', 'even-name'), { class: 'small', x: width, y: WEIGHTS.top - 6, 'text-anchor': 'end' }, width > 330 ? `dashed: an even share, ${(1 / count).toFixed(4)}` : '');
  const [first, last] = [node(svg, 'text', 'first'), node(svg, 'text', 'last')];
  set(first, { class: 'small', x: LEFT, y: base + 17 }, named || count < 2 ? '' : 'first word');
  set(last, { class: 'small', x: width, y: base + 17, 'text-anchor': 'end' }, named || count < 2 ? '' : 'last word');
}

function axis(svg, key, y, width, text) {
  set(node(svg, 'line', key), { class: 'axis', x1: LEFT, x2: width, y1: y, y2: y });
  set(node(svg, 'text', `${key}-name`), { class: 'small', x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, text);
}

// A piece is [text] for a gap, [text, word, start, end, known] for a word.
const wordsOf = (view) => (view.words ??= view.data.pieces.filter((piece) => piece.length > 1).map(([, word, start]) => ({ word, start })));

function mountText(view) {
  const text = view.one('.reading-text');
  mountWords(view, text);
  const choose = (event) => {
    const token = event.target.closest?.('.token');
    if (token) ask(view, { word: Number(token.dataset.start) });
  };
  text.addEventListener('click', choose);
  text.addEventListener('keydown', (event) => {
    event.stopPropagation();  // Streamlit has shortcuts of its own
    if (event.key === 'Enter' || event.key === ' ') { choose(event); event.preventDefault(); }
  });
}

function drawText(view) {
  const { data, weights } = view, text = view.one('.reading-text'), full = Math.max(...weights, Math.min(data.even_shares / weights.length, 1));
  let place = 0;
  data.pieces.forEach((piece, index) => {
    const kind = piece.length > 1 ? 'token' : 'gap';
    let element = text.childNodes[index];
    if (element?.kind !== kind) {
      const fresh = kind === 'gap' ? document.createTextNode('') : document.createElement('span');
      fresh.kind = kind;
      if (kind === 'token') { fresh.setAttribute('role', 'button'); fresh.setAttribute('tabindex', '-1'); }
      if (element) text.replaceChild(fresh, element); else text.appendChild(fresh);
      element = fresh;
    }
    if (element.textContent !== piece[0]) element.textContent = piece[0];
    if (kind === 'token') dress(element, piece, weights[place], full, place++ === data.word);
  });
  while (text.childNodes.length > data.pieces.length) text.lastChild.remove();
  const tokens = text.querySelectorAll('.token');
  moveFocus(view, tokens, Math.min(view.focus, Math.max(tokens.length - 1, 0)));
  view.one('.high').textContent = full.toFixed(4);
  const unknown = data.pieces.some((piece) => piece.length > 1 && !piece[4]) ? ' Dotted words are unknown to the network.' : '';
  view.one('.meaning').textContent = `attention weight, linear. Click a word to follow it.${unknown}`;
}

function dress(element, [, word, start, end, known], weight, full, followed) {
  element.className = `token${known ? '' : ' unknown'}${followed ? ' followed' : ''}`;
  element.style.setProperty('--strength', (weight / full).toFixed(4));
  Object.assign(element.dataset, { token: word, start, end, score: weight });
  element.dataset.tip = `${word}: ${weight.toFixed(4)}${known ? '' : ', unknown to the network'}`;
  element.setAttribute('aria-label', `${word}, attention weight ${weight.toFixed(4)}${known ? '' : ', unknown to the network'}`);
  element.setAttribute('aria-pressed', String(followed));
}
