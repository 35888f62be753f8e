// How the highlight of a text formed while its network was trained: a scrubber, the text and a curve.

import { find, keepKeys, put, redrawOnResize } from './dom.js';
import { nameUnknown } from './highlighted_text.js';
import { t } from './language.js';
import { LapseChart } from './lapse_chart.js';
import { readSeen, seeAt, traceProbability } from './lapse_data.js';
import { formatNumber, formatProbability, formatScore } from './numbers.js';
import { describeFull, getStrength } from './scales.js';
import { TextView } from './text_view.js';
import { TimeLapse } from './time_lapse.js';

/** @import { Root } from './component.js' */
/** @import { HighlightedText } from './highlighted_text.js' */
/** @import { PlainLapse, Seen } from './lapse_data.js' */
/** @import { Hues } from './scales.js' */

export class LapseView {
  /**
   * @param {Root} root holds lapse.html
   * @param {Hues} hues
   */
  constructor(root, hues) {
    this.root = root;
    this.hues = hues;
    this.box = find(root, '.lapse');
    this.which = find(root, '.which', HTMLSelectElement);
    this.text = new TextView(find(root, '.text'), false);
    this.chart = new LapseChart(find(root, 'svg', SVGSVGElement));
    this.lapse = new TimeLapse(
      root,
      () => this.draw(),
      (moment) => this.plain?.moments[moment] ?? '',
    );
    /** @type {PlainLapse | null} */
    this.plain = null;
    /** @type {Seen[]} */
    this.texts = [];
    this.box.style.setProperty('--hue', hues.unsigned);
    this.box.style.setProperty('--other', hues.training);
    this.listen();
  }

  listen() {
    this.which.addEventListener('change', () => this.drawAll());
    keepKeys(this.which);
    for (const name of /** @type {const} */ (['pointerdown', 'pointermove'])) {
      this.chart.svg.addEventListener(name, (event) => {
        if (event.buttons && this.plain) this.lapse.goTo(this.chart.findMoment(event.clientX));
      });
    }
    redrawOnResize(find(this.root, 'figure'), this.box, () => this.drawAll());
  }

  /**
   * A time-lapse, which may have grown; null for none.
   *
   * @param {PlainLapse | null} plain
   * @param {boolean} isNew whether it is another one than before
   */
  show(plain, isNew) {
    this.box.classList.toggle('empty', !plain?.moments.length);
    if (!plain?.moments.length) return;
    this.plain = plain;
    this.texts = plain.texts.map(readSeen);
    this.offerTexts(isNew);
    this.lapse.follow(plain.moments.length, true, isNew);
    find(this.root, '.of-run').hidden = !plain.accuracies.length;
    find(this.root, '.status').textContent = plain.note;
    this.drawAll();
  }

  /** @param {boolean} isNew */
  offerTexts(isNew) {
    const chosen = isNew ? 0 : this.which.selectedIndex;
    if (this.which.options.length !== this.texts.length || isNew) {
      this.which.replaceChildren(...this.texts.map(({ title }) => new Option(title)));
      this.which.selectedIndex = Math.max(0, chosen);
    }
    find(this.root, '.choose').hidden = this.texts.length < 2;
  }

  get seen() {
    return this.texts[Math.max(0, this.which.selectedIndex)];
  }

  /** For another text, or another width. */
  drawAll() {
    const { plain, seen } = this;
    if (!plain || !seen) return;
    this.chart.draw(plain.times, traceProbability(plain.times, seen), plain.accuracies, seen.name);
    find(this.root, '.own-name').textContent = seen.name;
    this.drawScale(seen);
    this.draw();
  }

  /** @param {Seen} seen */
  drawScale({ text: { scale }, weights }) {
    find(this.root, '.scale').hidden = !weights;
    find(this.root, '.high').textContent = formatNumber(scale.full, 4);
    const full = describeFull(scale.full, scale.even);
    find(this.root, '.meaning').textContent = t`${scale.name}, linear; ${full}, at every moment`;
  }

  /** For another moment. */
  draw() {
    const { seen, lapse } = this;
    if (!seen) return;
    lapse.show();
    const probability = seen.probabilities[lapse.epoch];
    this.drawText(seeAt(seen, lapse.epoch), Boolean(seen.weights));
    this.chart.point(lapse.epoch, probability);
    find(this.root, '.number').textContent = formatProbability(probability);
    find(this.root, '.name').textContent = probability === null ? '' : seen.name;
    Object.assign(this.box.dataset, { moment: lapse.epoch, moments: lapse.epochs });
  }

  /**
   * @param {HighlightedText} text
   * @param {boolean} attends
   */
  drawText(text, attends) {
    const { full } = text.scale;
    this.text.draw(text, (token) => ({
      class: token.known ? 'token' : 'token unknown',
      style: `--strength:${attends ? getStrength(token.score, full).toFixed(4) : 0}`,
      title: `${token.word}${attends ? `: ${formatScore(token.score, false)}` : ''}${nameUnknown(token)}`,
    }));
  }

  /** @param {Error} error */
  fail({ message }) {
    put(find(this.root, '.status'), {}, `This could not be shown (${message}).`);
  }

  stop() {
    this.lapse.stop();
  }
}
