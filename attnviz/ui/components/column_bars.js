// One bar a column, redrawn in place so that the bars glide from one run to the next.

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
  const plot = one('.plot');
  plot.classList.toggle('many', data.attention.length > 10);
  data.attention.forEach((weight, index) => draw(plot, index, weight, index === data.attention_column, data));
  while (plot.children.length > data.attention.length) plot.lastChild.remove();
  host.dataset.attentionColumn = data.attention_column;
  host.dataset.run = data.run;
  host.dataset.attention = JSON.stringify(data.attention);
}

function draw(plot, index, weight, planted, data) {
  let column = plot.children[index];
  if (!column) {
    column = document.createElement('div');
    column.innerHTML = '<div class="space"><span class="value"></span><div class="bar"></div></div><div class="name"></div><div class="mark"></div>';
    plot.appendChild(column);
  }
  column.className = planted ? 'column planted' : 'column';
  column.style.setProperty('--hue', data.hue);
  column.title = `column ${index}: ${weight.toFixed(4)}${planted ? ', the answer is here' : ''}`;
  column.querySelector('.value').textContent = weight.toFixed(data.attention.length > 10 ? 2 : 3);
  column.querySelector('.bar').style.height = `calc(${(weight * 100).toFixed(2)}% - 1.5rem * ${weight.toFixed(4)})`;
  column.querySelector('.name').textContent = data.attention.length > 10 ? index : `column ${index}`;
  column.querySelector('.mark').textContent = planted ? (data.attention.length > 10 ? '▲' : '▲ planted') : '';
}
