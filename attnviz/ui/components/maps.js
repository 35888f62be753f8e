// Highlighted texts side by side. A word that is pointed at or focused is marked in every one, with its scores.
//
// Streamlit calls the function below again on the same node for every new `data`. Listeners are added once, on what
// holds all words: there may be ten thousand. All text goes through textContent.

export default function ({ data, parentElement }) {
  const root = parentElement;
  const view = root.attnviz ?? (root.attnviz = mount((selector) => root.querySelector(selector)));
  try {
    update(view, data);
  } catch (error) {
    console.error(error);
  }
}

function make(kind, className, ...content) {
  const node = document.createElement(kind);
  if (className) node.className = className;
  node.append(...content);
  return node;
}

function mount(one) {
  const view = { one, maps: one('.maps'), grid: one('.grid'), tip: one('.tip'), groups: new Map(), marked: [], leader: null };
  const point = (event) => {
    const node = event.target.closest?.('.token, .listed');
    view.leader = event.target.closest?.('.text');
    if (node) mark(view, node);
    if (node && event.type === 'focusin') standOn(view, node.group);
    if (node?.matches('.listed')) bringIntoView(view, node.group);
  };
  for (const name of ['mouseover', 'focusin']) view.maps.addEventListener(name, point);
  for (const name of ['mouseout', 'focusout']) view.maps.addEventListener(name, () => unmark(view));
  // One tab stop a map; the arrow keys walk from word to word.
  view.maps.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') unmark(view);
    walk(event, event.target.closest?.('.text')?.tokens ?? []);
  });
  // The text that is scrolled takes the others along, so that the same passage stays side by side.
  view.grid.addEventListener('scroll', ({ target }) => {
    if (target !== view.leader) return;
    const share = target.scrollTop / Math.max(1, target.scrollHeight - target.clientHeight);
    for (const other of view.grid.querySelectorAll('.text')) {
      if (other !== target) other.scrollTop = share * (other.scrollHeight - other.clientHeight);
    }
  }, true);
  view.grid.addEventListener('touchstart', (event) => { view.leader = event.target.closest?.('.text'); }, { passive: true });
  return view;
}

function mark(view, node) {
  unmark(view);
  view.marked = view.groups.get(node.group) ?? [];
  for (const token of view.marked) token.classList.add('marked');
  showTip(view, node);
}

function unmark(view) {
  for (const token of view.marked) token.classList.remove('marked');
  view.marked = [];
  view.tip.hidden = true;
}

// The tab stop of every map follows, so that Tab leads to the same word of the next one.
function standOn(view, group) {
  for (const token of view.groups.get(group) ?? []) {
    token.parentNode.stop?.setAttribute('tabindex', '-1');
    token.parentNode.stop = token;
    token.setAttribute('tabindex', '0');
  }
}

function bringIntoView(view, group) {
  for (const token of view.groups.get(group) ?? []) {
    const box = token.parentNode, place = token.getBoundingClientRect(), frame = box.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) box.scrollTop += place.top - frame.top - box.clientHeight / 2;
  }
}

// The word's score and rank in every map, laid out as the maps are.
function showTip(view, node) {
  const { tip, data } = view, tokens = view.groups.get(node.group) ?? [];
  if (!tokens.length) return;
  const words = [...new Set(tokens.map((token) => token.dataset.token))];
  const table = make('table', '', make('caption', '', words.join(' / '), make('small', '', 'score, rank')));
  const head = make('tr', '', make('td', ''));
  head.append(...data.columns.map((name) => Object.assign(make('th', '', name), { scope: 'col' })));
  table.append(head);
  data.rows.forEach((name, row) => {
    const line = make('tr', '', Object.assign(make('th', '', name), { scope: 'row' }));
    data.columns.forEach((_, column) => {
      const at = row * data.columns.length + column, cell = data.cells[at];
      const token = tokens.find((other) => other.parentNode.index === at);
      const none = cell.empty ? 'no attention' : data.texts.length > 1 ? 'not there' : 'not read';
      line.append(make('td', '', token ? number(cell, token.score) : '', make('small', '', token ? `${token.rank} / ${cell.scores.length}` : none)));
    });
    table.append(line);
  });
  tip.replaceChildren(table);
  tip.hidden = false;
  const place = node.getBoundingClientRect(), size = tip.getBoundingClientRect();
  const below = place.bottom + 8, above = place.top - size.height - 8;
  tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
  tip.style.top = `${below + size.height > innerHeight && above > 0 ? above : below}px`;
}

const rankText = (cell, token) => `rank ${token.rank} of ${cell.scores.length}`;
const number = (cell, score) => (cell.signed && score >= 0 ? '+' : '') + score.toFixed(4).replace('-', '−');
const shade = (colour) => `color-mix(in srgb, ${colour} 50%, transparent)`;
const gradient = (...colours) => `linear-gradient(90deg, ${colours.join(', ')})`;
const scaleOf = (signed, hues) => (signed ? gradient(shade(hues.negative), 'transparent', shade(hues.positive)) : gradient('transparent', shade(hues.unsigned)));

function update(view, data) {
  const focused = view.grid.getRootNode().activeElement?.closest?.('.token');
  unmark(view);
  view.data = data;
  view.groups = new Map();
  view.maps.classList.toggle('stale', data.stale);
  const single = data.columns.length === 1;  // then the networks stand side by side
  const columns = single ? Math.min(data.rows.length, 3) : data.columns.length;
  view.maps.classList.toggle('narrow', columns <= 2);
  view.grid.style.setProperty('--columns', columns);
  view.grid.style.setProperty('--few', columns % 2 && !single ? 1 : 2);
  data.cells.forEach((cell, index) => showCell(view, cell, view.grid.children[index] ?? addCell(view), index));
  while (view.grid.children.length > data.cells.length) view.grid.lastChild.remove();
  for (const group of data.outlined) for (const token of view.groups.get(group) ?? []) token.classList.add('outlined');
  showLegend(view, data);
  showList(view, data);
  startWhereAllRead(view, data);
  if (focused?.isConnected && focused.matches(':focus-visible')) mark(view, focused);
}

// A new text stands at the first word that every network read; what some did not read is scrolled up.
function startWhereAllRead(view, data) {
  const text = data.texts.map(({ head, words }) => head + words.map(([word, , , , gap]) => word + gap).join('')).join();
  if (text === view.text) return;
  view.text = text;
  view.leader = null;
  for (const box of view.grid.querySelectorAll('.text')) {
    const cells = data.cells.filter((cell) => cell.text === data.cells[box.index].text);
    const first = Math.max(...cells.map((cell) => cell.first)) - data.cells[box.index].first;
    const token = cells.some((cell) => cell.truncated) ? box.tokens[first] : null;
    box.scrollTop = token ? token.offsetTop - 1.75 * 16 : 0;
  }
}

function addCell(view) {
  const cell = make(
    'section', 'cell', make('header', '', make('h4'), make('p', 'answer')), make('div', 'meter', make('span', 'fill'), make('span', 'half')),
    make('p', 'empty'), make('div', 'text', make('span')), make('div', 'scale', make('span'), make('span', 'ramp'), make('span')), make('ul', 'notes'),
  );
  cell.setAttribute('role', 'region');
  cell.querySelector('.meter').setAttribute('aria-hidden', 'true');
  return view.grid.appendChild(cell);
}

function showCell(view, cell, node, index) {
  const one = (selector) => node.querySelector(selector), { hues } = view.data;
  node.setAttribute('aria-label', cell.label);
  node.dataset.empty = String(Boolean(cell.empty));
  one('h4').replaceChildren(cell.name, make('span', '', `, ${cell.detail}`));
  one('.empty').textContent = cell.empty ?? '';
  one('.notes').replaceChildren(...(cell.notes ?? []).map((note) => make('li', '', note)));
  const box = one('.text');
  box.index = index;
  if (cell.empty) { clear(box, 0); return; }
  const known = cell.probability !== null;
  one('.answer').replaceChildren(make('b', '', cell.answer), cell.verdict ? ` ${cell.verdict}` : '');
  one('.meter').hidden = !known;
  one('.fill').style.width = `${(cell.probability ?? 0) * 100}%`;
  one('.fill').style.background = hues[cell.verdict];
  one('.scale').style.visibility = cell.scores.length ? 'visible' : 'hidden';
  const [low, ramp, high] = one('.scale').children;
  low.textContent = cell.signed ? `−${cell.full.toFixed(4)}` : '0';
  high.textContent = cell.full.toFixed(4);
  ramp.style.background = scaleOf(cell.signed, hues);
  showText(view, cell, box);
}

// The nodes of a text are what was not read, then a word and the gap after it in turns; they are reused in place.
function showText(view, cell, box) {
  const { head, words } = view.data.texts[cell.text];
  const lead = box.firstChild, read = words.slice(cell.first);
  lead.textContent = head + words.slice(0, cell.first).map(([text, , , , gap]) => text + gap).join('');
  lead.className = cell.truncated ? 'unread' : '';
  const unknown = new Set(cell.unknown);
  clear(box, read.length);
  read.forEach((word, at) => {
    const token = box.tokens[at] ?? addToken(box);
    dress(token, word, cell, at, !unknown.has(at), view.data.hues);
    if (!view.groups.has(token.group)) view.groups.set(token.group, []);
    view.groups.get(token.group).push(token);
  });
  if (box.stop && !box.stop.isConnected) box.stop = null;
  if (!box.stop && box.tokens.length) { box.stop = box.tokens[0]; box.stop.setAttribute('tabindex', '0'); }
}

function clear(box, count) {
  box.tokens ??= [];
  for (const token of box.tokens.splice(count)) { token.nextSibling.remove(); token.remove(); }
}

function addToken(box) {
  const token = make('span');
  token.setAttribute('role', 'button');
  token.setAttribute('tabindex', '-1');
  token.setAttribute('aria-describedby', 'maps-tip');
  box.append(token, document.createTextNode(''));
  box.tokens.push(token);
  return token;
}

function dress(token, [text, word, start, end, gap, group], cell, at, known, hues) {
  const score = cell.scores[at], rank = cell.ranks[at];
  Object.assign(token, { group, score, rank, className: known ? 'token' : 'token unknown' });
  if (token.textContent !== text) token.textContent = text;
  if (token.nextSibling.data !== gap) token.nextSibling.data = gap;
  Object.assign(token.dataset, { token: word, start, end, score });
  const colour = !cell.signed ? hues.unsigned : score >= 0 ? hues.positive : hues.negative;
  token.style.cssText = `--hue: ${colour}; --strength: ${Math.min(Math.abs(score) / (cell.full || 1), 1).toFixed(4)}`;
  token.setAttribute('aria-label', `${word}, ${cell.score_name} ${number(cell, score)}, ${rankText(cell, token)}${known ? '' : ', unknown to the network'}`);
}

function showLegend(view, data) {
  const shown = data.cells.filter((cell) => !cell.empty);
  const ramp = (signed) => Object.assign(make('span', 'ramp'), { style: `background: ${scaleOf(signed, data.hues)}` });
  const rows = [];
  if (shown.some((cell) => !cell.signed)) rows.push([ramp(false), `0 to the map’s largest weight, or to ${data.even_shares} times an even share if that is more`]);
  if (shown.some((cell) => cell.signed)) rows.push([ramp(true), 'orange toward negative, blue toward positive, up to the map’s largest score']);
  if (data.outlined.length) rows.push([make('span', 'sample outlined', 'word'), data.outline]);
  if (shown.some((cell) => cell.unknown.length)) rows.push([make('span', 'sample unknown', 'word'), 'unknown to the network']);
  if (shown.some((cell) => cell.truncated)) rows.push([make('span', 'sample unread', 'word'), 'not read by the network']);
  rows.push([make('span', 'sample marked', 'word'), 'the word that you point at, in every map']);
  view.one('.legend').replaceChildren(...rows.map(([sample, meaning]) => make('li', '', sample, make('span', '', meaning))));
}

function showList(view, data) {
  view.one('.found').hidden = !data.items.length;
  view.one('.found-title').textContent = data.title;
  view.one('.help').textContent = data.help;
  view.one('.list').replaceChildren(...data.items.map(({ word, detail, group }) => {
    const button = Object.assign(make('button', 'listed', word), { type: 'button', group });
    return make('li', '', button, make('span', '', detail));
  }));
}
