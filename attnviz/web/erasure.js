// Words taken away with a slider: the curve of the answer, and the text with the words struck through.
//
// Everything was computed before, so that a step of the slider only moves a dot and changes the words between the old
// and the new count.

import { defineComponent, Newest } from './component.js';
import { find, keepKeys, put } from './dom.js';
import { ErasureChart, nameDone } from './erasure_chart.js';
import { readText } from './highlighted_text.js';
import { nameLabel } from './labels.js';
import { t } from './language.js';
import { findNearest, formatProbability } from './numbers.js';
import { TextView } from './text_view.js';

/** @import { Call, Root } from './component.js' */
/** @import { PlainText } from './highlighted_text.js' */
/** @import { Hues } from './scales.js' */

/** @typedef {'out' | 'alone'} Mode */

/**
 * @typedef {object} Curve
 * @property {PlainText} text
 * @property {string} name what the probability is called
 * @property {string} label whose it is
 * @property {string | null} other the other label of two
 * @property {number[]} order the places of the words, the highest first
 * @property {number[]} counts how many words are taken
 * @property {Record<'own' | 'random', (number | null)[]>} out the probability without that many words; null: no answer
 * @property {Record<'own' | 'random', (number | null)[]>} alone the probability with them alone
 */

/** @typedef {{ curve: Curve | null, stale: boolean, hues: Hues, made: number }} ErasureData */

const FIRST_SHARE = 0.1; // of the words are taken at first, so that there is something to see

class Erasure {
  /**
   * @param {Root} root
   * @param {ErasureData} data
   */
  constructor(root, data) {
    this.root = root;
    this.hues = data.hues;
    this.newest = new Newest();
    this.slider = find(root, '#taken', HTMLInputElement);
    this.text = new TextView(find(root, '.text'), false);
    this.chart = new ErasureChart(find(root, 'svg', SVGSVGElement));
    /** @type {Mode} */
    this.mode = 'out';
    /** @type {Curve | null} */
    this.curve = null;
    this.json = '';
    /** @type {boolean[]} one a word: whether it is struck through */
    this.gone = [];
    this.listen(root);
  }

  /** @param {Root} root */
  listen(root) {
    this.slider.addEventListener('input', () => this.step());
    keepKeys(this.slider);
    for (const radio of root.querySelectorAll('[name=mode]')) {
      radio.addEventListener('change', () => {
        this.mode = /** @type {Mode} */ (/** @type {HTMLInputElement} */ (radio).value);
        this.draw();
      });
      keepKeys(radio);
    }
    for (const name of /** @type {const} */ (['pointerdown', 'pointermove'])) {
      find(root, 'svg', SVGSVGElement).addEventListener(name, (event) => {
        if (event.buttons) this.slideTo(event.clientX);
      });
    }
    new ResizeObserver(() => this.draw()).observe(find(root, 'figure'));
  }

  /** @param {Call<ErasureData>} call */
  update({ data }) {
    if (this.newest.isOlder(data)) return;
    const box = find(this.root, '.erasure');
    box.style.setProperty('--own', data.hues.unsigned);
    box.style.setProperty('--random', data.hues.training);
    const curve = data.curve?.order.length ? data.curve : null;
    box.classList.toggle('empty', !curve);
    box.classList.toggle('stale', data.stale);
    this.slider.disabled = !curve;
    const json = JSON.stringify(curve);
    if (!curve || json === this.json) return;
    const before = this.curve ? this.taken(this.curve) : Math.max(1, Math.round(curve.order.length * FIRST_SHARE));
    Object.assign(this, { json, curve, hues: data.hues });
    this.gone = curve.order.map(() => false);
    this.text.draw(readText(curve.text), () => ({ class: 'token' }));
    put(this.slider, { max: curve.counts.length - 1 });
    this.slider.value = String(findNearest(curve.counts, before));
    this.draw();
  }

  /**
   * How many words the slider takes.
   *
   * @param {Curve} curve
   */
  taken(curve) {
    return curve.counts[Number(this.slider.value)];
  }

  /** @param {number} clientX */
  slideTo(clientX) {
    if (!this.curve) return;
    const wanted = this.chart.findShare(clientX) * this.curve.order.length;
    this.slider.value = String(findNearest(this.curve.counts, wanted));
    this.step();
  }

  /** For another text, another way of taking, or another width. */
  draw() {
    if (!this.curve) return;
    this.chart.draw(this.curve, this.mode);
    this.step();
  }

  /** One step of the slider. */
  step() {
    const { curve, mode, slider } = this;
    if (!curve) return;
    const index = Number(slider.value);
    const taken = this.taken(curve);
    const own = curve[mode].own[index];
    const all = curve.order.length;
    this.strike(curve, taken);
    this.chart.point(taken, own);
    const done = nameDone(mode);
    const verdict = nameLabel(nameVerdict(curve, own));
    find(this.root, '.reading').textContent = t`${taken} of ${all} ${done}`;
    this.showAnswer(own, verdict);
    const left = mode === 'out' ? all - taken : taken;
    find(this.root, '.chance').textContent = left
      ? t`with as many words in random order ${done}: ${formatProbability(curve[mode].random[index])}`
      : t`no word is left: this is what the network says of a blank`;
    const number = formatProbability(own);
    const answer = own === null ? number : t`probability ${number}`;
    const said = t`${taken} of ${all} words ${done}: ${answer}`;
    slider.setAttribute('aria-valuetext', verdict ? `${said}, ${verdict}` : said);
  }

  /**
   * @param {number | null} own
   * @param {string} verdict
   */
  showAnswer(own, verdict) {
    const { toward, against } = this.hues;
    find(this.root, '.number').textContent = formatProbability(own);
    find(this.root, '.verdict').textContent = verdict;
    find(this.root, '.verdict').style.borderBottom = own === null ? '' : `3px solid ${own >= 0.5 ? toward : against}`;
  }

  /**
   * @param {Curve} curve
   * @param {number} taken
   */
  strike({ order }, taken) {
    order.forEach((word, rank) => {
      const gone = rank < taken === (this.mode === 'out');
      if (this.gone[word] === gone) return;
      this.gone[word] = gone;
      this.text.elements[word].classList.toggle('gone', gone);
    });
  }

  /** @param {Error} error */
  fail({ message }) {
    find(this.root, '.reading').textContent = t`This could not be shown (${message}).`;
  }
}

/**
 * Of two labels the more probable one; of more, the one whose probability it is; '' where there is no answer.
 *
 * @param {Curve} curve
 * @param {number | null} probability
 */
const nameVerdict = ({ label, other }, probability) =>
  probability === null ? '' : other && probability < 0.5 ? other : label;

export default defineComponent((root, /** @type {ErasureData} */ data) => new Erasure(root, data));
