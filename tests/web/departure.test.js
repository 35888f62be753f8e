import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Door } from '../../attnviz/web/departure.js';

/** @import { Call } from '../../attnviz/web/component.js' */

/** What is pressed on a page: a link, or no link. */
class Part {
  origin = 'https://here';

  /** @param {string} [pathname] where it leads */
  constructor(pathname) {
    this.pathname = pathname;
  }

  closest() {
    return this.pathname === undefined ? null : this;
  }
}

const MODELS = new Part('/models');
const REVIEWS = new Part('/');
const TEXT = new Part();

/** @type {unknown[]} what Python was told */
let told = [];
/** @type {Door[]} */
let drawn = [];
/** @type {Map<string, (event: unknown) => void>} */
const listeners = new Map();
const window = {
  Element: Part,
  location: { origin: 'https://here', pathname: '/' },
  addEventListener: (/** @type {string} */ type, /** @type {(event: unknown) => void} */ listener) =>
    listeners.set(type, listener),
};
Object.assign(globalThis, window);

beforeEach(() => {
  for (const door of drawn) door.stop();
  drawn = [];
  told = [];
  window.location.pathname = '/';
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
});

/** @param {string} run that draws the component */
function makeCall(run) {
  const tell = (/** @type {string} */ name, /** @type {unknown} */ value) => told.push([run, name, value]);
  const call = { data: {}, parentElement: {}, setStateValue: tell, setTriggerValue: tell };
  return /** @type {Call<object>} */ (/** @type {unknown} */ (call));
}

/** A component that is drawn. */
function draw() {
  const door = new Door();
  drawn.push(door);
  return { door, call: door.take(makeCall('first')) };
}

/**
 * @param {string} type
 * @param {Part} [target]
 * @param {boolean} [defaultPrevented] whether Streamlit took a click
 */
const happen = (type, target, defaultPrevented = true) => listeners.get(type)?.({ type, target, defaultPrevented });

const press = (/** @type {Part} */ part) => happen('mousedown', part);

/** @param {Part} part */
function click(part, isTaken = true) {
  press(part);
  happen('mouseup', part);
  happen('click', part, isTaken);
}

test('what is said goes out at once, unless a press on a link to another page has begun', () => {
  const { call } = draw();
  call.setStateValue('ask', 1);
  for (const part of [TEXT, REVIEWS, Object.assign(new Part('/models'), { origin: 'https://elsewhere' })]) press(part);
  call.setTriggerValue('idle', true);
  press(MODELS);
  call.setStateValue('ask', 2);
  assert.deepEqual(told, [
    ['first', 'ask', 1],
    ['first', 'idle', true],
  ]);
});

for (const [end, type, target] of /** @type {const} */ ([
  ['is released elsewhere', 'mouseup', TEXT],
  ['is dragged away', 'dragstart', MODELS],
  ['opens a menu', 'contextmenu', MODELS],
])) {
  test(`a press that ${end} lets the newest of each kind out`, () => {
    const { call } = draw();
    press(MODELS);
    for (const value of [1, 2]) call.setStateValue('ask', value);
    call.setTriggerValue('idle', true);
    happen(type, target);
    call.setStateValue('ask', 3);
    assert.deepEqual(told, [
      ['first', 'ask', 2],
      ['first', 'idle', true],
      ['first', 'ask', 3],
    ]);
  });
}

test('a click that the browser answers with another tab lets it out', () => {
  const { call } = draw();
  press(MODELS);
  call.setStateValue('ask', 1);
  click(MODELS, false);
  assert.deepEqual(told, [['first', 'ask', 1]]);
});

test('what a page says that was left is dropped when it goes, and the next page speaks', () => {
  const { door, call } = draw();
  click(MODELS);
  call.setStateValue('ask', 1);
  click(TEXT);
  window.location.pathname = '/models';
  const next = draw();
  door.stop();
  next.call.setStateValue('ask', 2);
  mock.timers.tick(100_000);
  assert.deepEqual(told, [['first', 'ask', 2]]);
});

test('a page is left without a press, by the keyboard and by the way back', () => {
  const { door, call } = draw();
  happen('popstate');
  call.setStateValue('ask', 1);
  happen('click', MODELS);
  call.setStateValue('ask', 2);
  door.stop();
  const back = draw();
  window.location.pathname = '/models';
  happen('popstate');
  back.call.setStateValue('ask', 3);
  assert.deepEqual(told, [['first', 'ask', 1]], 'the first step back was within the page');
});

test('a page that is drawn again was not left, unless it goes soon: a run may have been under way', () => {
  const { door, call } = draw();
  click(MODELS);
  call.setStateValue('ask', 1);
  door.take(makeCall('second')).setTriggerValue('idle', true);
  mock.timers.tick(2999);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, [
    ['second', 'ask', 1],
    ['second', 'idle', true],
  ]);
});

test('a page that is still there after ten seconds was not left', () => {
  const { call } = draw();
  click(MODELS);
  call.setStateValue('ask', 1);
  mock.timers.tick(9999);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, [['first', 'ask', 1]]);
});
