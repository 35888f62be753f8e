// The live lab: settings on the left, the answer on the right.
//
// Streamlit calls the function below again on the same node for every new `data`. Listeners are added once; `send`
// is refreshed each time, because setStateValue belongs to one run of the page. lab_controls.js (the sliders),
// asking.js (how their values travel) and lab_charts.js (what is drawn) share this module. All text goes through
// textContent.

const SETTLE_MS = 600;

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement, host = root.host ?? root;
  const view = root.attnviz ?? (root.attnviz = mount(root, host, data));
  view.send = (ask) => setStateValue('ask', ask);
  try {
    update(view, data);
  } catch (error) {  // an exception here would take the sliders with it
    console.error(error);
    showStatus(view, `The answer could not be shown (${error.message}).`, true);
  }
  return () => { clearTimeout(view.settleTimer); clearTimeout(view.waitTimer); clearInterval(view.player); };
}

function mount(root, host, data) {
  const one = (selector) => root.querySelector(selector);
  const view = {
    one, host, root, data, values: { ...data.values }, controls: {}, seq: data.answered, answered: data.answered,
    made: 0, pending: null, unsettled: false, epoch: null, source: null, result: null,
  };
  one('.lab').style.setProperty('--hue', data.hues.attention);
  one('.more').open = matchMedia('(min-width: 900px)').matches;
  view.question = (extra) => describeQuestion(view, extra);
  view.showWaiting = (extra) => showWaiting(view, extra);
  mountControls(view);
  mountCharts(view);
  return view;
}

function update(view, data) {
  if (data.made < view.made) return;  // older than what is shown
  view.made = data.made;
  view.data = data;
  view.answered = Math.max(view.answered, data.answered);
  syncControls(view);
  showNotes(view, data.notes);
  showAddress(view, data.address);
  view.one('.lab').classList.toggle('empty', !data.result);
  if (data.result) showResult(view, data.result);
  else view.one('.sentence').textContent = data.message;
  const ready = data.state === 'ready' && Boolean(data.result);
  view.host.dataset.attnvizReady = String(ready);
  view.one('.lab').classList.toggle('stale', !ready && Boolean(data.result));
  if (isIdle(view) || data.message) showStatus(view, data.message || data.result?.fact || '', data.state === 'error');
  follow(view, view.unsettled, SETTLE_MS);
}

function showStatus(view, text, isError) {
  const status = view.one('.status');
  status.textContent = text;
  status.classList.toggle('error', Boolean(isError));
}

function showNotes(view, notes) {
  view.one('.notes').replaceChildren(...notes.map((note) => Object.assign(document.createElement('li'), { textContent: note })));
}

function showResult(view, result) {
  const { one, host } = view, fresh = view.result?.run !== result.run, last = result.attention.length - 1;
  const atEnd = view.epoch === null || view.epoch >= (view.result?.attention.length ?? 0) - 1;
  const spread = result.spread && !view.result?.spread;
  view.result = result;
  if (fresh && !view.player) view.epoch = atEnd ? last : Math.min(view.epoch, last);
  view.epoch = Math.min(view.epoch, last);
  if (spread) { view.source = 'mean'; view.epoch = last; }
  one('.sentence').textContent = result.sentence;
  one('.truth').hidden = one('.time').hidden = false;
  one('.score').textContent = result.score.toFixed(2);
  one('.fill').style.width = `${result.score * 100}%`;
  one('.chance').style.left = `${result.chance * 100}%`;
  one('.chance-text').textContent = `How often the largest weights stand where the answer is. Guessing (dashed) gets ${result.chance.toFixed(2)}.`;
  one('.definition').textContent = result.definition;
  one('.spread').textContent = result.spread?.sentence ?? '';
  syncSources(view);
  draw(view);
  Object.assign(host.dataset, {
    attentionColumn: result.attention_column,
    run: result.run,
    attention: JSON.stringify(result.attention[last]),
    score: result.score,
  });
}
