// The sliders of the lab, and what they ask.

const MAX_RANDOM_SEED = 99999;

function mountControls(view) {
  const { one, data } = view;
  one('#task').replaceChildren(...data.tasks.map((task) => new Option(task.title, task.name)));
  one('#task').addEventListener('change', () => { chooseTask(view, one('#task').value); moved(view); });
  for (const control of data.tasks[0].controls) {
    view.controls[control.name] = makeControl(view, control);
    one(control.name === 'attention_column' ? '.first' : '.others').appendChild(view.controls[control.name].node);
  }
  one('.retrain').addEventListener('click', () => {
    view.values.seed = Math.floor(Math.random() * (MAX_RANDOM_SEED + 1));
    moved(view);
  });
  one('.repeat').addEventListener('click', () => moved(view, { repeat: true }));
}

function makeControl(view, { name }) {
  const node = document.createElement('div'), id = `lab-${name}`;
  node.className = 'control';
  node.innerHTML = '<label></label><span class="reading"></span><input><p class="help"></p>';
  const [label, reading, input, help] = node.children;
  input.type = name === 'seed' ? 'number' : 'range';
  input.id = label.htmlFor = id;
  help.id = `${id}-help`;
  input.setAttribute('aria-describedby', help.id);
  if (name === 'seed') Object.assign(input, { min: 0, max: 4294967295, step: 1 });
  const changed = () => {
    if (name === 'seed' && !input.checkValidity()) return;
    view.values[name] = valueOf(view, name, Number(input.value));
    moved(view);
  };
  input.addEventListener(name === 'seed' ? 'change' : 'input', changed);
  input.addEventListener('keydown', (event) => event.stopPropagation());  // Streamlit has shortcuts of its own
  return { node, label, reading, input, help };
}

const taskOf = (view) => view.data.tasks.find((task) => task.name === view.values.task);
const specOf = (view, name) => taskOf(view).controls.find((control) => control.name === name);

// A slider stands on the number of an offered value; the columns are offered as they are.
function offers(view, name) {
  if (name === 'attention_column') return [...Array(view.values.input_dim).keys()];
  return specOf(view, name).values;
}

const valueOf = (view, name, position) => (name === 'seed' ? position : offers(view, name)[position]);

function nearest(values, wanted) {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best), values[0]);
}

function chooseTask(view, name) {
  const before = taskOf(view), { seed } = view.values;
  view.values.task = name;
  const task = taskOf(view);
  if (task.network !== before.network) view.values = { ...task.defaults, seed };
  view.values.noise = task.defaults.noise;
}

function syncControls(view) {
  const { one, values } = view;
  one('#task').value = values.task;
  one('.summary').textContent = taskOf(view).summary;
  values.input_dim = nearest(offers(view, 'input_dim'), values.input_dim);
  values.attention_column = Math.min(values.attention_column, values.input_dim - 1);
  for (const name of Object.keys(view.controls)) syncControl(view, name);
}

function syncControl(view, name) {
  const { node, label, reading, input, help } = view.controls[name], spec = specOf(view, name), value = view.values[name];
  node.hidden = !spec.used;
  label.textContent = spec.label;
  help.textContent = spec.help;
  if (name === 'seed') {
    if (view.root.activeElement !== input) input.value = value;
    return;
  }
  const values = offers(view, name), position = Math.max(0, values.indexOf(nearest(values, value)));
  input.min = 0;
  input.max = values.length - 1;
  if (Number(input.value) !== position) input.value = position;
  const text = name === 'attention_column' ? `column ${value}` : spec.texts[position];
  reading.textContent = text;
  input.setAttribute('aria-valuetext', text);
}

function moved(view, extra) {
  syncControls(view);
  view.unsettled = true;
  ask(view, extra);
}

function describeQuestion(view, extra) {
  if (extra.settled) view.unsettled = false;
  const reshaped = (name) => view.values[name] !== view.asked?.[name];
  view.reshapes = view.values.task !== view.asked?.task || view.data.reshaping.some(reshaped);
  view.asked = { ...view.values };
  return { values: view.asked, repeat: Boolean(extra.repeat) };
}

function showWaiting(view, extra) {
  if (extra.settled) return;
  view.one('.lab').classList.add('stale');
  const why = view.reshapes ? 'Training. A new size is compiled first, which takes a few seconds…' : 'Training…';
  showStatus(view, extra.repeat ? 'Training with 20 seeds…' : why);
}
