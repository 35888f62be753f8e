// Words taken away with a slider: the curve of the answer, and the text with the words struck through.
//
// Everything was computed before, so that a step of the slider only moves a dot and changes the words between the old
// and the new count. Streamlit calls the function below again on the same node for every new `data`; listeners are
// added once. All text goes through textContent.

const BOX = { height: 280, left: 34, right: 10, top: 8, bottom: 40 };
const FIRST_SHARE = 0.1;  // of the words are taken at first, so that there is something to see
const CHART = [  // what the chart is made of; drawn once, moved later
  ['line', 'axis', 'top'], ['line', 'half', 'middle'], ['line', 'axis', 'floor'],
  ['text', '', 'one'], ['text', '', 'half'], ['text', '', 'zero'], ['text', '', 'none'], ['text', '', 'all'], ['text', '', 'name'],
  ['path', 'curve random', 'random'], ['path', 'curve own', 'own'], ['line', 'now', 'now'], ['circle', 'dot', 'dot'],
];

export default function ({ data, parentElement }) {
  const root = parentElement;
  const view = root.attnviz ?? (root.attnviz = mount(root));
  try {
    update(view, data);
  } catch (error) {
    console.error(error);
    view.one('.reading').textContent = `This could not be shown (${error.message}).`;
  }
}

function mount(root) {
  const one = (selector) => root.querySelector(selector);
  const view = { one, slider: one('#taken'), chart: {}, mode: 'out', made: 0, curve: null, words: [], gone: [] };
  for (const [name, kind, key] of CHART) {
    view.chart[key] = one('svg').appendChild(document.createElementNS(SVG, name));
    set(view.chart[key], { class: kind });
  }
  view.slider.addEventListener('input', () => { if (view.curve) step(view); });
  view.slider.addEventListener('keydown', (event) => event.stopPropagation());  // Streamlit has shortcuts of its own
  for (const radio of root.querySelectorAll('[name=mode]')) {
    radio.addEventListener('change', () => { view.mode = radio.value; if (view.curve) draw(view); });
    radio.addEventListener('keydown', (event) => event.stopPropagation());
  }
  const point = (event) => { if (view.curve && event.buttons) slideTo(view, event.clientX); };
  for (const name of ['pointerdown', 'pointermove']) one('svg').addEventListener(name, point);
  new ResizeObserver(() => { if (view.curve) draw(view); }).observe(one('figure'));
  return view;
}

function update(view, data) {
  if (data.made < view.made) return;  // older than what is shown
  view.made = data.made;
  const box = view.one('.erasure'), curve = data.curve;
  for (const name of ['own', 'random']) box.style.setProperty(`--${name}`, data.hues[name]);
  const some = Boolean(curve && curve.order.length);
  box.classList.toggle('empty', !some);
  box.classList.toggle('stale', data.stale);
  view.slider.disabled = !some;
  const json = JSON.stringify(curve);
  if (!some || json === view.json) return;
  const before = view.curve ? view.curve.counts[view.slider.value] : Math.max(1, Math.round(curve.order.length * FIRST_SHARE));
  Object.assign(view, { json, curve, hues: data.hues });
  showText(view, curve.pieces);
  view.slider.max = curve.counts.length - 1;
  view.slider.value = nearest(curve.counts, before);
  draw(view);
}

function showText(view, pieces) {
  const text = view.one('.text');
  text.replaceChildren(...pieces.map((piece, index) => {
    if (index % 2 === 0) return document.createTextNode(piece);
    return Object.assign(document.createElement('span'), { textContent: piece });
  }));
  view.words = [...text.children];
  view.gone = view.words.map(() => false);
}

const nearest = (counts, count) => counts.reduce((best, value, index) => (Math.abs(value - count) < Math.abs(counts[best] - count) ? index : best), 0);

function slideTo(view, clientX) {
  const { left, width } = view.one('svg').getBoundingClientRect(), { counts, order } = view.curve;
  view.slider.value = nearest(counts, (clientX - left - BOX.left) / (width - BOX.left - BOX.right) * order.length);
  step(view);
}

function places(view) {
  const width = Math.max(view.one('svg').clientWidth, 200), count = view.curve.order.length;
  const right = width - BOX.right, base = BOX.height - BOX.bottom;
  const x = (taken) => BOX.left + taken / count * (right - BOX.left), y = (probability) => base - probability * (base - BOX.top);
  return { width, right, base, x, y };
}

// Axes and curves: for another text, another way of taking, or another width.
function draw(view) {
  const { chart, curve, mode } = view, place = places(view), { width, right, base, x, y } = place;
  set(view.one('svg'), { viewBox: `0 0 ${width} ${BOX.height}` });
  for (const [key, value] of [['top', 1], ['middle', 0.5], ['floor', 0]]) set(chart[key], { x1: BOX.left, x2: right, y1: y(value), y2: y(value) });
  for (const [key, value] of [['one', 1], ['half', 0.5], ['zero', 0]]) set(chart[key], { x: BOX.left - 7, y: y(value) + 4, 'text-anchor': 'end' }, String(value));
  set(chart.none, { x: BOX.left, y: base + 17, 'text-anchor': 'start' }, '0');
  set(chart.all, { x: right, y: base + 17, 'text-anchor': 'end' }, String(curve.order.length));
  const done = mode === 'out' ? 'left out' : 'kept';
  set(chart.name, { x: (BOX.left + right) / 2, y: base + 34, 'text-anchor': 'middle' }, `words ${done} (across), probability that the review is positive (up)`);
  for (const key of ['own', 'random']) {
    const line = curve[mode][key].map((value, index) => `${index ? 'L' : 'M'}${x(curve.counts[index]).toFixed(1)} ${y(value).toFixed(1)}`);
    set(chart[key], { d: line.join('') });
  }
  set(view.one('svg'), { 'aria-label': `Probability that the review is positive, from 0 to ${curve.order.length} words ${done}` });
  view.place = place;
  step(view);
}

const format = (value) => (value < 0.0005 ? '< 0.001' : value >= 0.9995 ? '> 0.999' : value.toFixed(3));

// One step of the slider.
function step(view) {
  const { curve, mode, chart, slider, one } = view, { x, y, base } = view.place, index = Number(slider.value);
  const taken = curve.counts[index], own = curve[mode].own[index], all = curve.order.length, positive = own >= 0.5;
  const what = mode === 'out' ? 'left out' : 'kept';
  curve.order.forEach((word, rank) => {
    const gone = rank < taken === (mode === 'out');
    if (view.gone[word] !== gone) { view.gone[word] = gone; view.words[word].className = gone ? 'gone' : ''; }
  });
  set(chart.now, { x1: x(taken), x2: x(taken), y1: BOX.top, y2: base });
  set(chart.dot, { cx: x(taken), cy: y(own), r: 6 });
  one('.reading').textContent = `${taken} of ${all} ${what}`;
  one('.number').textContent = format(own);
  one('.verdict').textContent = positive ? 'positive' : 'negative';
  one('.verdict').style.borderBottom = `3px solid ${positive ? view.hues.positive : view.hues.negative}`;
  const left = mode === 'out' ? all - taken : taken;
  one('.chance').textContent = left
    ? `with as many words in random order ${what}: ${format(curve[mode].random[index])}`
    : 'no word is left: this is what the network says of a blank';
  slider.setAttribute('aria-valuetext', `${taken} of ${all} words ${what}: probability ${format(own)}, ${positive ? 'positive' : 'negative'}`);
}
