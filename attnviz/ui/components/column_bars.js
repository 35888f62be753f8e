// One bar a column, redrawn in place so that the bars glide from one run to the next. The full height is a weight of 1.

export default function ({ data, parentElement }) {
  const root = parentElement, host = root.host ?? root;
  const one = (selector) => root.querySelector(selector);
  const status = one('.status');
  status.textContent = data.message;
  status.classList.toggle('error', data.state === 'error');
  one('.columns').classList.toggle('stale', data.state !== 'ready');
  host.dataset.attnvizReady = String(data.state === 'ready');
  if (!data.attention) return;
  one('.sentence').textContent = data.sentence;
  const bars = one('.bars'), count = data.attention.length;
  bars.classList.toggle('many', count > 10);
  data.attention.forEach((weight, index) => draw(bars, index, weight, index === data.attention_column, data));
  while (bars.children.length > count) bars.lastChild.remove();
  one('.even').hidden = false;
  one('.even').style.setProperty('--weight', 1 / count);
  one('.even').title = `an even share: ${(1 / count).toFixed(3)}`;
  host.dataset.attentionColumn = data.attention_column;
  host.dataset.run = data.run;
  host.dataset.attention = JSON.stringify(data.attention);
}

function draw(bars, index, weight, planted, data) {
  let column = bars.children[index];
  if (!column) {
    column = document.createElement('div');
    column.innerHTML = '<div class="space"><div class="bar"></div><span class="value"></span></div><div class="name"></div><div class="mark"></div>';
    bars.appendChild(column);
  }
  const few = data.attention.length <= 10;
  column.className = planted ? 'column planted' : 'column';
  column.style.setProperty('--hue', data.hue);
  column.style.setProperty('--weight', weight);
  column.title = `column ${index}: ${weight.toFixed(4)}${planted ? ', the answer is here' : ''}`;
  column.querySelector('.value').textContent = weight.toFixed(few ? 3 : 2);
  column.querySelector('.name').textContent = few ? `column ${index}` : index;
  column.querySelector('.mark').textContent = planted ? (few ? '▲ the answer' : '▲') : '';
}
