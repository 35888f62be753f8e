// One question at a time: the newest goes out when the last one is answered, so that nothing queues while a hand moves.
//
// Of a view that asks: `question(extra)` is what it asks now, `showWaiting(extra)` is called when an answer takes long.
// `extra` is what was asked for beside the sliders' values; { settled: true } says that the hand rests.

const PATIENCE_MS = 350, LOST_MS = 20000;

// A question that was lost on its way counts as answered after a while.
const isIdle = (view) => view.answered >= view.seq || performance.now() - view.sentAt > LOST_MS;

function ask(view, extra = {}) {
  clearTimeout(view.settleTimer);
  view.pending = { ...view.pending, ...extra };
  if (isIdle(view)) fire(view);
}

function fire(view) {
  const extra = view.pending;
  view.pending = null;
  view.seq += 1;
  view.sentAt = performance.now();
  clearTimeout(view.waitTimer);
  view.waitTimer = setTimeout(() => view.showWaiting(extra), PATIENCE_MS);
  view.send({ ...view.question(extra), seq: view.seq, settled: Boolean(extra.settled) });
}

// Called whenever an answer came: the newest question goes out. If there is none and the rest of the page is about
// something older, it follows once the hand has rested for `settle` milliseconds.
function follow(view, isOlder, settle) {
  if (!isIdle(view)) return;
  clearTimeout(view.waitTimer);
  clearTimeout(view.settleTimer);
  if (view.pending) fire(view);
  else if (isOlder) view.settleTimer = setTimeout(() => ask(view, { settled: true }), settle);
}
