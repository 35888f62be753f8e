import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dressToken } from '../../attnviz/web/highlight_style.js';
import { sumUp } from '../../attnviz/web/highlighted_text.js';
import { NO_LOG_ODDS, TOO_CERTAIN, toLogOdds } from '../../attnviz/web/log_odds.js';
import { chooseLayers, readLayers } from '../../attnviz/web/shown_layers.js';
import { HUES, makeText } from './made_text.js';

/** @import { Choice, LayeredText } from '../../attnviz/web/shown_layers.js' */

const ATTENTION = { full: 0.6, signed: false, name: 'attention weight', toward: 'a', against: 'b', even: 1 / 3 };
const LOGIT = (/** @type {number} */ probability) => Math.log(probability / (1 - probability));

/** @param {string} [method] */
function layer(method = 'occlusion') {
  const text = makeText({ a: 0.05, great: 0.4, film: -0.2 }, { signed: true, name: 'change by the word' });
  const attention = { scores: [0.6, 0.1, 0.3], scale: ATTENTION };
  const others = { typed: null, method_title: '', method_help: '', notes: [], text_hash: '', model: '' };
  const answer = { labels: ['n', 'p'], probabilities: [0.3, 0.7], texts: [], target: 1, predicted: 1, shown: 1 };
  return readLayers({
    ...others,
    answer: { ...answer, name: '', said: '', unknown: false },
    text,
    attention,
    method,
    probability: 0.7,
  });
}

/**
 * @param {LayeredText} text
 * @param {Partial<Choice>} [choice]
 */
const choose = (text, choice) => chooseLayers(text, { layers: 'both', logOdds: false, absolute: false, ...choice });

test('with both layers the fill is the signed score and the underline the attention, each on its own scale', () => {
  const shown = choose(layer());
  const page = { hues: HUES, all: sumUp(shown.text.tokens), reads: null };
  const [a, , film] = shown.text.tokens.map((token) => dressToken(token, shown, page));
  assert.equal(a.style, '--hue:blue;--strength:0.1250;--line-hue:violet;--line:1.0000');
  assert.equal(film.style, '--hue:orange;--strength:0.5000;--line-hue:violet;--line:0.5000');
  assert.equal(film.class, 'token against', 'a pattern tells it from words for the label');
  assert.match(String(film['data-tip']), /^film: −0\.2000, .*; attention weight 0\.3000, 0\.9 times an even share$/);
});

test('what moved it alone has both cues', () => {
  const shown = choose(layer(), { layers: 'fill' });
  const page = { hues: HUES, all: sumUp(shown.text.tokens), reads: null };
  assert.equal(shown.line, null);
  assert.equal(dressToken(shown.text.tokens[1], shown, page).style, '--hue:blue;--strength:1.0000');
});

test('attention alone has its own scores, ranks and scale', () => {
  const { text, fill, line } = choose(layer(), { layers: 'underline' });
  assert.deepEqual(
    text.tokens.map(({ score, rank }) => [score, rank]),
    [
      [0.6, 1],
      [0.1, 3],
      [0.3, 2],
    ],
  );
  assert.deepEqual([fill.full, fill.scale, line], [0.6, ATTENTION, null]);
});

test('the absolute scale is that of both layers', () => {
  const { fill, line } = choose(layer(), { absolute: true });
  assert.deepEqual([fill.full, line?.full], [1, 1]);
});

test('log-odds of words that are left out are differences of log-odds', () => {
  const { text, fill } = choose(layer(), { logOdds: true });
  [LOGIT(0.65), LOGIT(0.3), LOGIT(0.9)].forEach((without, place) => {
    assert.ok(Math.abs(text.tokens[place].score - (LOGIT(0.7) - without)) < 1e-12);
  });
  assert.equal(fill.scale.name, 'change by the word, in log-odds');
  assert.equal(fill.full, Math.max(...text.tokens.map(({ score }) => Math.abs(score))));
});

test('a slope of the log-odds is that of the probability by p (1 - p)', () => {
  assert.deepEqual(toLogOdds('gradient', [0.25, -0.5], 0.5), [1, -2]);
});

test('where log-odds would not be exact they are not offered, with the reason', () => {
  assert.equal(toLogOdds('integrated_gradients', [0.1], 0.5), NO_LOG_ODDS);
  assert.equal(toLogOdds('gradient', [0.1], 0.999999), TOO_CERTAIN);
  assert.equal(toLogOdds('occlusion', [0.4], 0.4), TOO_CERTAIN, 'without the word the probability is 0');
  const text = layer('lime');
  assert.deepEqual([text.logOdds, text.whyNoLogOdds], [null, NO_LOG_ODDS]);
  assert.equal(choose(text, { logOdds: true }).fill.scale.name, 'change by the word');
});
