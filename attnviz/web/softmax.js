// The softmax, live: the real scores become weights here, at every position of the temperature slider. What a
// temperature does to the weights is computed here, exactly; what it does to the probability is asked of the network.

import { Asking } from './asking.js';
import { defineComponent, hostOf } from './component.js';
import { around, find, keepKeys, put, redrawOnResize, showStatus } from './dom.js';
import { nameUnknown, readText, scoreAnew } from './highlighted_text.js';
import { plural, t } from './language.js';
import { findNearest, formatCount, formatDigits, formatNumber } from './numbers.js';
import { describeFull, getStrength } from './scales.js';
import { SoftmaxBars } from './softmax_bars.js';
import { computeWeights, countEffective, pickScores } from './temperature.js';
import { TextView } from './text_view.js';
import { WordTip } from './tip.js';
import { capitalise } from './words.js';

/** @import { Call, Root } from './component.js' */
/** @import { PlainText, Token } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} SoftmaxData
 * @property {PlainText} text
 * @property {number[][]} scores one row a word, one column a feature
 * @property {number | null} feature null for the mean of all
 * @property {number} word the place of the followed one
 * @property {string} name what the probability is called
 * @property {number} temperature that the probability is about
 * @property {number[]} temperatures what the slider offers
 * @property {number} probability
 * @property {string} probability_text
 * @property {string} usual_text the probability at temperature 1
 * @property {string} text_hash
 * @property {string} model
 * @property {number} answered
 * @property {number} followed the temperature that the rest of the page is about
 * @property {'ready' | 'error'} state
 * @property {string} message
 * @property {number} even_shares
 * @property {Hues} hues
 */

const SETTLE_MS = 300;

class Softmax {
  /**
   * @param {Root} root
   * @param {SoftmaxData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    this.highlighted = readText(data.text);
    /** @type {number[]} */
    this.weights = [];
    this.temperature = data.temperature;
    this.box = find(root, '.softmax');
    this.box.style.setProperty('--hue', data.hues.unsigned);
    this.slider = find(root, 'input', HTMLInputElement);
    this.asking = new Asking(data.answered, SETTLE_MS, {
      question: ({ word }) => ({ temperature: this.temperature, word: word ?? null }),
      wait: () => this.box.classList.add('stale'),
    });
    this.text = new TextView(find(root, '.reading-text'));
    this.tip = new WordTip(this.text.box, find(root, '.tip'));
    this.bars = new SoftmaxBars(find(root, 'svg', SVGSVGElement));
    this.listen();
  }

  listen() {
    const { slider, text, bars } = this;
    slider.addEventListener('input', () => this.move(this.data.temperatures[Number(slider.value)]));
    keepKeys(slider);
    find(this.root, '.back').addEventListener('click', () => {
      this.move(1);
      slider.focus();
    });
    text.box.addEventListener('click', (event) => this.choose(event));
    text.box.addEventListener('keydown', (event) => {
      event.stopPropagation(); // Streamlit has shortcuts of its own
      if (event.key !== 'Enter' && event.key !== ' ') return;
      this.choose(event);
      event.preventDefault();
    });
    bars.svg.addEventListener('click', ({ clientX }) => {
      const place = bars.findPlace(clientX);
      if (place !== null) this.asking.ask({ word: this.highlighted.tokens[place].start });
    });
    redrawOnResize(find(this.root, 'figure'), this.box, () => this.drawBars());
  }

  /** @param {Event} event */
  choose(event) {
    const token = around(event, '.token');
    if (token) this.asking.ask({ word: Number(token.dataset.start) });
  }

  /** @param {Call<SoftmaxData>} call */
  update({ data, setStateValue }) {
    this.asking.send = (question) => setStateValue('ask', question);
    this.data = data;
    this.highlighted = readText(data.text);
    this.asking.follow(data.answered, this.temperature !== data.followed);
    this.box.classList.toggle('stale', data.state !== 'ready');
    showStatus(find(this.root, '.status'), data.message, data.state === 'error');
    this.showSlider();
    this.draw();
  }

  /** @param {number} temperature */
  move(temperature) {
    this.temperature = temperature;
    this.showSlider();
    this.draw();
    this.asking.ask();
  }

  showSlider() {
    const { root, data, temperature, slider } = this;
    const values = data.temperatures;
    const position = findNearest(values.map(Math.log), Math.log(temperature));
    put(slider, { min: 0, max: values.length - 1, step: 1 });
    if (Number(slider.value) !== position) slider.value = String(position);
    const text = temperature === 1 ? t`1, as the network was trained` : formatDigits(temperature, 3);
    slider.setAttribute('aria-valuetext', text);
    find(root, '.ask .reading').textContent = `T = ${formatDigits(temperature, 3)}`;
    find(root, '.back', HTMLButtonElement).disabled = temperature === 1;
    const [least, most] = [values[0], values[values.length - 1]].map((value) => formatDigits(value, 2));
    find(root, '.least').textContent = t`${least}, sharp`;
    find(root, '.most').textContent = t`${most}, even`;
  }

  draw() {
    const { data, temperature } = this;
    this.weights = computeWeights(data.scores, temperature, data.feature);
    this.drawBars();
    this.drawText();
    this.showFacts();
  }

  drawBars() {
    const { data, weights, highlighted } = this;
    const features = data.scores[0]?.length ?? 0;
    this.bars.draw({
      words: highlighted.tokens.map(({ word }) => word),
      scores: pickScores(data.scores, data.feature),
      weights,
      followed: data.word,
      title: data.feature === null && features > 1 ? t`Mean of the ${features} scores` : t`Scores`,
      hues: data.hues,
    });
  }

  showFacts() {
    const { root, data, weights, temperature, highlighted } = this;
    const words = countEffective(weights);
    const top = weights.indexOf(Math.max(...weights));
    find(root, '.spread').textContent = nameSpread(words, weights.length);
    find(root, '.top').textContent = formatNumber(weights[top], 3);
    find(root, '.top-word').textContent = nameTop(highlighted.tokens[top].word, 1 / weights.length);
    find(root, '.label').textContent = capitalise(data.name);
    find(root, '.probability').textContent = data.probability_text;
    find(root, '.usual').textContent = t`${data.usual_text} at temperature 1`;
    const answered = data.temperature === temperature;
    this.box.classList.toggle('waiting', !answered);
    Object.assign(this.host.dataset, {
      attnvizReady: String(data.state === 'ready' && answered),
      textHash: data.text_hash,
      model: data.model,
      temperature,
      followed: String(temperature === data.followed),
      effectiveWords: words,
      probability: data.probability,
      word: data.word,
    });
  }

  drawText() {
    const { root, data, weights, highlighted } = this;
    const full = Math.max(...weights, Math.min(data.even_shares / weights.length, 1));
    this.text.draw(scoreAnew(highlighted, weights), (token, place) => this.dress(token, full, place === data.word));
    find(root, '.high').textContent = formatNumber(full, 4);
    const said = capitalise(describeFull(full, 1 / weights.length));
    find(root, '.meaning').textContent = highlighted.tokens.some(({ known }) => !known)
      ? t`${said}. Click a word to follow it. Dotted words are unknown to the network.`
      : t`${said}. Click a word to follow it.`;
  }

  /**
   * @param {Token} token
   * @param {number} full
   * @param {boolean} followed
   */
  dress(token, full, followed) {
    const { word, score, known } = token;
    const said = `${formatNumber(score, 4)}${nameUnknown(token)}`;
    return {
      class: `token${known ? '' : ' unknown'}${followed ? ' followed' : ''}`,
      style: `--strength:${getStrength(score, full).toFixed(4)}`,
      'data-tip': `${word}: ${said}`,
      'aria-label': `${word}, ${this.highlighted.scale.name} ${said}`,
      'aria-pressed': followed,
    };
  }

  /**
   * An exception here would take the slider with it.
   *
   * @param {Error} error
   */
  fail({ message }) {
    showStatus(find(this.root, '.status'), t`The weights could not be shown (${message}).`, true);
  }

  stop() {
    this.asking.stop();
  }
}

/**
 * @param {number} words as many as attention is spread over
 * @param {number} all
 */
function nameSpread(words, all) {
  const [few, many] = [formatNumber(words, 0), formatCount(all)];
  return plural(all)`about ${few} of ${many} word|about ${few} of ${many} words`;
}

/**
 * @param {string} word
 * @param {number} share
 */
function nameTop(word, share) {
  const even = formatNumber(share, 4);
  return t`${word}; an even share is ${even}`;
}

export default defineComponent((root, /** @type {SoftmaxData} */ data) => new Softmax(root, data));
