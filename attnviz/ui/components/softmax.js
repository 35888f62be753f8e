// The softmax, live: the real scores become weights here, at every position of the temperature slider.
//
// Streamlit calls the function below again on the same node for every new `data`. Listeners are added once; `send` is
// refreshed each time, because setStateValue belongs to one run of the page. What a temperature does to the weights is
// computed here, exactly; what it does to the probability is asked of the network by asking.js. softmax_charts.js draws.
// All text goes through textContent.

const SETTLE_MS = 300;

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement, host = root.host ?? root;
  const view = root.attnviz ?? (root.attnviz = mount(root, host, data));
  view.send = (ask) => setStateValue('ask', ask);
  try {
    update(view, data);
  } catch (error) {  // an exception here would take the slider with it
    console.error(error);
    showStatus(view, `The weights could not be shown (${error.message}).`, true);
  }
  return () => { clearTimeout(view.settleTimer); clearTimeout(view.waitTimer); };
}

function mount(root, host, data) {
  const one = (selector) => root.querySelector(selector);
  const view = {
    root, host, one, data, temperature: data.temperature, seq: data.answered,
    answered: data.answered, pending: null,
  };
  view.question = (extra) => ({ temperature: view.temperature, word: extra.word ?? null });
  view.showWaiting = () => one('.softmax').classList.add('stale');
  one('.softmax').style.setProperty('--hue', data.hues.attention);
  const slider = one('input');
  slider.addEventListener('input', () => move(view, view.data.temperatures[Number(slider.value)]));
  slider.addEventListener('keydown', (event) => event.stopPropagation());  // Streamlit has shortcuts of its own
  one('.back').addEventListener('click', () => { move(view, 1); slider.focus(); });
  mountText(view);
  one('svg').addEventListener('click', (event) => {
    const place = placeAt(view, event.clientX);
    if (place !== null) ask(view, { word: wordsOf(view)[place].start });
  });
  new ResizeObserver(() => {
    one('.softmax').classList.add('still');  // a new width is no news: nothing glides
    drawBars(view);
    requestAnimationFrame(() => one('.softmax').classList.remove('still'));
  }).observe(one('figure'));
  return view;
}

function update(view, data) {
  view.data = data;
  view.words = null;
  view.answered = Math.max(view.answered, data.answered);
  follow(view, view.temperature !== data.rested, SETTLE_MS);
  view.one('.softmax').classList.toggle('stale', data.state !== 'ready');
  showStatus(view, data.message, data.state === 'error');
  showSlider(view);
  draw(view);
}

function move(view, temperature) {
  view.temperature = temperature;
  showSlider(view);
  draw(view);
  ask(view);
}

function showStatus(view, text, isError) {
  view.one('.status').textContent = text;
  view.one('.status').classList.toggle('error', Boolean(isError));
}

const number = (value, digits) => value.toLocaleString('en', { maximumSignificantDigits: digits });

function showSlider(view) {
  const { one, data, temperature } = view, slider = one('input'), values = data.temperatures;
  const distance = (value) => Math.abs(Math.log(value / temperature));
  const position = values.reduce((best, value, index) => (distance(value) < distance(values[best]) ? index : best), 0);
  Object.assign(slider, { min: 0, max: values.length - 1, step: 1 });
  if (Number(slider.value) !== position) slider.value = position;
  const text = temperature === 1 ? '1, as the network was trained' : number(temperature, 3);
  slider.setAttribute('aria-valuetext', text);
  one('.reading').textContent = `T = ${number(temperature, 3)}`;
  one('.back').disabled = temperature === 1;
  one('.least').textContent = `${number(values[0], 2)}, sharp`;
  one('.most').textContent = `${number(values[values.length - 1], 2)}, even`;
}

// scores is one row a word, one column a feature; a feature's weights sum to 1 over the words.
function softmaxOf(scores, temperature, feature) {
  const columns = feature === null ? [...scores[0].keys()] : [feature], weights = scores.map(() => 0);
  for (const column of columns) {
    const highest = Math.max(...scores.map((row) => row[column]));
    const powers = scores.map((row) => Math.exp((row[column] - highest) / temperature));
    const sum = powers.reduce((all, power) => all + power, 0);
    powers.forEach((power, place) => { weights[place] += power / sum / columns.length; });
  }
  return weights;
}

const mean = (row) => row.reduce((sum, value) => sum + value, 0) / row.length;

function draw(view) {
  const { data, host, temperature, one } = view;
  view.weights = softmaxOf(data.scores, temperature, data.feature);
  view.scores = data.scores.map((row) => (data.feature === null ? mean(row) : row[data.feature]));
  drawBars(view);
  drawText(view);
  const entropy = view.weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0);
  const words = Math.exp(entropy), top = view.weights.indexOf(Math.max(...view.weights)), count = view.weights.length;
  one('.spread').textContent = `${words.toFixed(1)} of ${count.toLocaleString('en')}`;
  one('.top').textContent = view.weights[top].toFixed(3);
  one('.top-word').textContent = `${wordsOf(view)[top].word}; an even share is ${(1 / count).toFixed(4)}`;
  one('.probability').textContent = data.probability_text;
  one('.usual').textContent = `${data.usual_text} at temperature 1`;
  const answered = data.temperature === temperature;
  one('.softmax').classList.toggle('waiting', !answered);
  Object.assign(host.dataset, {
    attnvizReady: String(data.state === 'ready' && answered), textHash: data.text_hash, model: data.model,
    temperature, rested: String(temperature === data.rested), effectiveWords: words, probability: data.probability, word: data.word,
  });
}
