// What is drawn: SVG whose parts are changed in place, so that they glide from one run or epoch to the next.

const MEASURES = { loss: ['loss', 'val_loss'], accuracy: ['accuracy', 'val_accuracy'] };
const PLAY_MS = 4000, LEAST_FRAME_MS = 60;

function mountCharts(view) {
  const { one, root } = view;
  one('.epoch').addEventListener('input', () => { pause(view); goTo(view, Number(one('.epoch').value) - 1); });
  one('.epoch').addEventListener('keydown', (event) => event.stopPropagation());
  one('.play').addEventListener('click', () => (view.player ? pause(view) : play(view)));
  one('.source').addEventListener('change', () => { view.source = one('.source').value; draw(view); });
  one('.map svg').addEventListener('click', (event) => {
    const { left, width } = one('.map svg').getBoundingClientRect(), epochs = view.result?.attention.length;
    if (!epochs) return;
    const share = (event.clientX - left - MAP.left) / (width - MAP.left - MAP.right);
    pause(view);
    goTo(view, Math.max(0, Math.min(epochs - 1, Math.floor(share * epochs))));
  });
  for (const figure of root.querySelectorAll('figure')) mountExport(figure);
  for (const legend of root.querySelectorAll('.legend')) showLegend(view, legend);
  new ResizeObserver(() => {
    one('.lab').classList.add('still');  // a new width is no news: nothing glides
    draw(view);
    requestAnimationFrame(() => one('.lab').classList.remove('still'));
  }).observe(one('.answer'));
}

function showLegend(view, legend) {
  for (const name of ['training', 'validation']) {
    const entry = document.createElement('span'), line = document.createElement('i');
    line.style.background = view.data.hues[name];
    entry.append(line, name);
    legend.appendChild(entry);
  }
}

function goTo(view, epoch) {
  view.epoch = epoch;
  draw(view);
}

function play(view) {
  const last = view.result.attention.length - 1;
  if (view.epoch >= last) goTo(view, 0);
  view.player = setInterval(() => {
    const end = view.result.attention.length - 1;
    if (view.epoch >= end) pause(view); else goTo(view, view.epoch + 1);
  }, Math.max(LEAST_FRAME_MS, PLAY_MS / (last + 1)));
  showPlayer(view);
}

function pause(view) {
  clearInterval(view.player);
  view.player = null;
  showPlayer(view);
}

function showPlayer(view) {
  const button = view.one('.play');
  button.textContent = view.player ? '❚❚' : '▶';
  button.setAttribute('aria-label', view.player ? 'Pause the training' : 'Play the training');
}

// Whose weights are shown: the mean over all validation samples, or one of the first ones. In a sequence the place of
// the answer differs from sample to sample, so that a mean says little: one sample is shown at first.
function syncSources(view) {
  const select = view.one('.source'), count = view.result.samples.x.length, kind = view.result.place;
  if (view.place !== kind) { view.source = kind === 'step' && !view.result.spread ? '0' : 'mean'; view.place = kind; }
  if (select.options.length !== count + 1) {
    const samples = [...Array(count).keys()].map((index) => new Option(`validation sample ${index + 1}`, index));
    select.replaceChildren(new Option('all validation samples (mean)', 'mean'), ...samples);
  }
  select.value = view.source;
}

function draw(view) {
  const { result, one } = view;
  if (!result) return;
  const epochs = result.attention.length, now = view.epoch + 1;
  Object.assign(one('.epoch'), { max: epochs, value: now });
  one('.epoch').setAttribute('aria-valuetext', `epoch ${now} of ${epochs}`);
  one('.epoch-text').textContent = `epoch ${now} of ${epochs}`;
  const shown = weightsOf(view);
  drawBars(view, shown);
  drawMap(view, shown);
  for (const [name, measures] of Object.entries(MEASURES)) drawCurves(view, name, measures);
}

function weightsOf({ result, source }) {
  if (source === 'mean') {
    const truth = result.place === 'column' ? result.samples.truth[0] : [];  // the same in every sample, or none
    return { rows: result.attention, marks: result.marks, truth, inputs: null };
  }
  const index = Number(source), truth = result.samples.truth[index], marks = { ...result.marks };
  if (result.place === 'step') truth.forEach((isTrue, place) => { if (isTrue) marks[place] = 'the answer'; });
  return { rows: result.watched.map((epoch) => epoch[index]), marks, truth, inputs: result.samples.x[index] };
}

function frame(view, selector, height) {
  const svg = view.one(`${selector} svg`), width = Math.max(svg.clientWidth, 200);
  set(svg, { viewBox: `0 0 ${width} ${height}`, height });
  svg.style.height = `${height}px`;
  return { svg, width, height };
}

const roundUp = (value) => [0.1, 0.2, 0.35, 0.5, 0.75].find((top) => value <= top) ?? 1;

function drawBars(view, { rows, marks, truth, inputs }) {
  const { svg, width, height } = frame(view, '.weights', 260), { result, data } = view;
  const weights = rows[view.epoch], count = weights.length, few = width / count > 74, roomy = width / count > 30;
  const spread = inputs ? null : result.spread, base = height - 44, full = base - 24;
  const highest = spread ? spread.mean.map((mean, index) => mean + spread.deviation[index]) : [];
  const top = roundUp(Math.max(...rows.flat(), ...highest)), slot = width / count, gap = Math.min(slot * 0.18, 18);
  const y = (weight) => base - Math.min(weight / top, 1) * full;
  set(node(svg, 'line', 'floor'), { class: 'axis', x1: 0, x2: width, y1: base, y2: base });
  const [columns, even, labels] = [node(svg, 'g', 'columns'), node(svg, 'line', 'even'), node(svg, 'g', 'labels')];
  set(even, { class: 'even', x1: 0, x2: width, y1: y(1 / count), y2: y(1 / count) });
  set(node(even, 'title', 'title'), {}, `an even share: ${(1 / count).toFixed(3)}`);
  weights.forEach((weight, index) => {
    const bar = node(columns, 'g', `bar${index}`), middle = (index + 0.5) * slot, mark = marks[index];
    const tip = `${result.place} ${index}: ${weight.toFixed(4)}${mark ? `, ${mark}` : ''}`;
    set(node(bar, 'title', 'title'), {}, tip);
    set(node(bar, 'rect', 'rect'), {
      x: index * slot + gap / 2, width: slot - gap, y: y(weight), height: Math.max(base - y(weight), 1), rx: 3,
      fill: data.hues.attention, 'fill-opacity': truth[index] ? 1 : 0.4,
    });
    const value = roomy ? weight.toFixed(few ? 3 : 2) : '';
    set(node(labels, 'text', `value${index}`), { x: middle, y: y(weight) - 6, 'text-anchor': 'middle', class: few ? 'value' : 'value small' }, spread ? '' : value);
    const name = `${few ? `${result.place} ${index}` : index}${mark && inputs ? ' ▲' : ''}`;
    set(node(bar, 'text', 'name'), { x: middle, y: base + 17, 'text-anchor': 'middle', class: few ? '' : 'small' }, name);
    const input = inputs && roomy ? inputs[index].toFixed(few ? 3 : 2) : '';
    const below = inputs ? input : mark ? (few ? `▲ ${mark}` : '▲') : '';
    set(node(bar, 'text', 'mark'), { x: middle, y: base + 35, 'text-anchor': 'middle', class: mark ? 'strong' : 'small' }, below);
    const [low, high] = spread ? [y(Math.max(spread.mean[index] - spread.deviation[index], 0)), y(highest[index])] : [0, 0];
    const cap = Math.min(8, slot / 5), at = spread ? y(spread.mean[index]) : 0;
    const whisker = `M${middle - cap} ${low}h${2 * cap}M${middle} ${low}V${high}M${middle - cap} ${high}h${2 * cap}M${middle - cap / 2} ${at}h${cap}`;
    set(node(bar, 'path', 'error'), { class: 'error', d: spread ? whisker : 'M0 0' });
  });
  trim(columns, 'bar', count);
  trim(labels, 'value', count);
}

const MAP = { left: 34, right: 4, bottom: 36 };

function drawMap(view, { rows, marks }) {
  const epochs = rows.length, count = rows[0].length, tall = Math.max(10, Math.min(26, 320 / count));
  const { svg, width, height } = frame(view, '.map', count * tall + MAP.bottom), { data, result } = view;
  const wide = (width - MAP.left - MAP.right) / epochs, largest = Math.max(...rows.flat());
  const cells = set(node(svg, 'g', 'cells'), { class: 'cells' });
  for (let place = 0; place < count; place += 1) {
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      set(node(cells, 'rect', `cell${place * epochs + epoch}`), {
        x: (MAP.left + epoch * wide).toFixed(2), y: place * tall, width: wide.toFixed(2), height: tall,
        fill: data.hues.attention, 'fill-opacity': (rows[epoch][place] / largest).toFixed(3),
      });
    }
    const label = count * tall < 400 && (count <= 20 || place % 4 === 0) ? `${place}${marks[place] ? ' ▲' : ''}` : '';
    set(node(svg, 'text', `row${place}`), { x: MAP.left - 6, y: (place + 0.5) * tall + 4, 'text-anchor': 'end', class: marks[place] ? 'strong' : 'small' }, label);
  }
  trim(cells, 'cell', count * epochs);
  trim(svg, 'row', count);
  set(node(svg, 'rect', 'now'), { class: 'now', x: MAP.left + view.epoch * wide, y: 0, width: Math.max(wide, 2), height: count * tall, rx: 2 });
  const floor = count * tall + 16;
  set(node(svg, 'text', 'first'), { x: MAP.left, y: floor, class: 'small' }, 'epoch 1');
  set(node(svg, 'text', 'last'), { x: width - MAP.right, y: floor, 'text-anchor': 'end', class: 'small' }, epochs > 1 ? String(epochs) : '');
  const scale = `each row a ${result.place}; none to ${largest.toFixed(2)}, faint to strong`;
  set(node(svg, 'text', 'scale'), { x: (MAP.left + width) / 2, y: floor, 'text-anchor': 'middle', class: 'small' }, width > 330 ? scale : '');
  return height;
}

function drawCurves(view, name, measures) {
  const { svg, width, height } = frame(view, `.${name}`, 220), { result, data } = view;
  const curves = measures.map((measure) => result.history[measure]), epochs = curves[0].length, all = curves.flat();
  const left = 42, right = 8, top = 8, base = height - 36;
  const high = name === 'accuracy' ? 1 : Math.max(...all) * 1.05 || 1;
  const low = name === 'accuracy' ? Math.max(0, Math.floor(Math.min(...all, 0.9) * 5) / 5) : 0;
  const x = (epoch) => left + (epochs > 1 ? epoch / (epochs - 1) : 0.5) * (width - left - right);
  const y = (value) => base - (Math.min(value, high) - low) / (high - low) * (base - top);
  for (let tick = 0; tick < 5; tick += 1) {
    const value = low + (high - low) * tick / 4;
    set(node(svg, 'line', `grid${tick}`), { class: 'axis', x1: left, x2: width - right, y1: y(value), y2: y(value) });
    const text = name === 'accuracy' ? `${(value * 100).toFixed(0)}%` : value.toFixed(high < 0.1 ? 3 : 2);
    set(node(svg, 'text', `tick${tick}`), { x: left - 6, y: y(value) + 4, 'text-anchor': 'end', class: 'small' }, text);
  }
  const points = [0, Math.floor((epochs - 1) / 2), epochs - 1].filter((epoch, index, list) => list.indexOf(epoch) === index);
  points.forEach((epoch, index) => {
    const anchor = epochs === 1 ? 'middle' : ['start', 'middle', 'end'][epoch === epochs - 1 ? 2 : index];
    set(node(svg, 'text', `at${index}`), { x: x(epoch), y: base + 18, 'text-anchor': anchor, class: 'small' }, `${index ? '' : 'epoch '}${epoch + 1}`);
  });
  trim(svg, 'at', points.length);
  set(node(svg, 'line', 'now'), { class: 'now', x1: x(view.epoch), x2: x(view.epoch), y1: top, y2: base });
  curves.forEach((curve, index) => {
    const hue = data.hues[index ? 'validation' : 'training'];
    const path = curve.map((value, epoch) => `${epoch ? 'L' : 'M'}${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    set(node(svg, 'path', `line${index}`), { class: 'line', d: path, stroke: hue });
    const dot = node(svg, 'circle', `dot${index}`), value = curve[view.epoch];
    set(dot, { cx: x(view.epoch), cy: y(value), r: 5, fill: hue });
    set(node(dot, 'title', 'title'), {}, `${index ? 'validation' : 'training'}, epoch ${view.epoch + 1}: ${value.toFixed(4)}`);
  });
}

function mountExport(figure) {
  const name = figure.querySelector('h3').textContent;
  mountSave(figure.querySelector('.save'), name, () => ({
    ...standalone(figure.querySelector('svg')), file: `attnviz-${name.toLowerCase().replaceAll(' ', '-')}`,
  }));
}

const KEPT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight', 'paint-order'];

// A copy of the figure that needs no style sheet, on the page's background.
function standalone(svg) {
  const copy = svg.cloneNode(true), { width, height } = svg.getBoundingClientRect();
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    for (const name of KEPT) element.style.setProperty(name, style.getPropertyValue(name));
  });
  const paper = document.createElementNS(SVG, 'rect'), page = getComputedStyle(svg).getPropertyValue('--st-background-color');
  set(paper, { x: 0, y: 0, width: '100%', height: '100%', fill: page || '#ffffff' });
  copy.insertBefore(paper, copy.firstChild);
  copy.removeAttribute('style');
  set(copy, { xmlns: SVG, width, height });
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}
