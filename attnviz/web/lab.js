// The live lab: settings on the left, the answer on the right.

import { AddressBar } from './address_bar.js';
import { Asking } from './asking.js';
import { defineComponent, hostOf, Newest } from './component.js';
import { find, make, redrawOnResize, showStatus } from './dom.js';
import { EpochMap } from './epoch_map.js';
import { LabControls } from './lab_controls.js';
import { t } from './language.js';
import { CURVES, drawCurves } from './learning_curves.js';
import { showNotes } from './notes.js';
import { formatNumber } from './numbers.js';
import { mountSave } from './picture.js';
import { chooseSource, pickWeights, syncSources } from './samples.js';
import { SeedRuns } from './seed_runs.js';
import { copyFigure } from './svg_copy.js';
import { TimeLapse } from './time_lapse.js';
import { WeightChart } from './weight_chart.js';

/** @import { Extra } from './asking.js' */
/** @import { Call, Root } from './component.js' */
/** @import { LabData, Result, Values } from './lab_data.js' */
/** @import { Shown } from './samples.js' */
/** @import { Hues } from './scales.js' */

const SETTLE_MS = 600;
const MEASURES = { loss: ['loss', 'val_loss'], accuracy: ['accuracy', 'val_accuracy'] };

class Lab {
  /**
   * @param {Root} root
   * @param {LabData} data
   */
  constructor(root, data) {
    this.root = root;
    this.host = hostOf(root);
    this.data = data;
    this.box = find(root, '.lab');
    this.status = find(root, '.status');
    this.newest = new Newest();
    this.address = new AddressBar();
    this.unsettled = false; // the rest of the page is about an older run
    /** @type {Values | null} the settings of the last question */
    this.asked = null;
    this.reshapes = false;
    this.replays = false; // the next run is played once
    /** @type {Result | null} */
    this.result = null;
    this.source = 'mean';
    /** @type {string | null} */
    this.place = null;
    this.asking = new Asking(data.answered, SETTLE_MS, {
      question: (extra) => this.describeQuestion(extra),
      wait: (extra) => this.showWaiting(extra),
    });
    this.controls = new LabControls(root, data, (isRetrained) => this.follow(isRetrained));
    this.seeds = new SeedRuns(
      root,
      (seed) => this.look(seed),
      () => this.asking.ask({ repeat: true }),
    );
    this.chart = new WeightChart(find(root, '.weights svg', SVGSVGElement), data.hues, {
      plant: (column) => this.controls.set('attention_column', column),
      look: (seed) => this.look(seed),
    });
    this.lapse = new TimeLapse(root, () => this.draw());
    this.map = new EpochMap(find(root, '.map svg', SVGSVGElement));
    this.box.style.setProperty('--hue', data.hues.unsigned);
    this.mountFigures(data.hues);
  }

  /**
   * A setting was moved.
   *
   * @param {boolean} isRetrained only the seed, by a new draw
   */
  follow(isRetrained) {
    this.unsettled = true;
    this.replays = isRetrained;
    if (!this.isOfSeeds()) this.seeds.stop();
    this.asking.ask();
  }

  /** Whether the settings are those of the seeds that are shown, but for the seed. */
  isOfSeeds() {
    const { seed, ...others } = this.controls.settings.values;
    const { seed: before, ...same } = this.asked ?? this.data.values;
    const known = this.result?.spread?.seeds.includes(Number(seed)) ?? false;
    return known && Object.entries(others).every(([name, value]) => same[name] === value);
  }

  /** @param {number} seed */
  look(seed) {
    this.controls.set('seed', seed);
  }

  /** @param {Hues} hues */
  mountFigures(hues) {
    const { root } = this;
    const source = find(root, '.source', HTMLSelectElement);
    source.addEventListener('change', () => {
      this.source = source.value;
      this.draw();
    });
    this.map.svg.addEventListener('click', ({ clientX }) => {
      const epoch = this.map.findEpoch(clientX);
      if (epoch !== null) this.lapse.goTo(epoch);
    });
    for (const figure of root.querySelectorAll('figure')) mountExport(figure);
    for (const legend of root.querySelectorAll('.legend')) drawLegend(legend, hues);
    redrawOnResize(find(root, '.answer'), this.box, () => this.draw());
  }

  /** @param {Extra} extra */
  describeQuestion({ settled, repeat }) {
    if (settled) this.unsettled = false;
    const { settings } = this.controls;
    this.reshapes = settings.reshapes(this.asked, this.data.reshaping);
    this.asked = settings.values;
    return { values: this.asked, repeat: Boolean(repeat) };
  }

  /** @param {Extra} extra */
  showWaiting({ settled, repeat }) {
    if (settled) return;
    this.box.classList.add('stale');
    const compiles = t`Training. A new size is compiled first, which takes a few seconds…`;
    const once = this.reshapes ? compiles : t`Training…`;
    showStatus(this.status, repeat ? t`Training with more seeds…` : once, false);
  }

  /** @param {Call<LabData>} call */
  update({ data, setStateValue }) {
    this.asking.send = (question) => setStateValue('ask', question);
    if (this.newest.isOlder(data)) return;
    this.data = data;
    this.controls.sync();
    showNotes(find(this.root, '.notes'), data.notes);
    this.address.show(data.address);
    this.box.classList.toggle('empty', !data.result);
    if (data.result) this.showResult(data.result);
    else find(this.root, '.verdict').textContent = data.message;
    this.showState(data);
  }

  /** @param {LabData} data */
  showState({ state, result, message, answered }) {
    const ready = state === 'ready' && Boolean(result);
    this.host.dataset.attnvizReady = String(ready);
    this.box.classList.toggle('stale', !ready && Boolean(result));
    const isIdle = this.asking.isAnsweredBy(answered);
    if (isIdle || message) showStatus(this.status, message || result?.fact || '', state === 'error');
    this.asking.follow(answered, this.unsettled);
    if (state === 'error') this.seeds.stop();
    if (this.seeds.isRunning && this.asking.isIdle) this.seeds.ask();
  }

  /** @param {Result} result */
  showResult(result) {
    const spread = Boolean(result.spread && !this.result?.spread);
    const isNew = this.result?.run !== result.run;
    this.lapse.follow(result.attention.length, isNew, spread);
    if (spread) this.source = 'mean';
    this.result = result;
    const source = chooseSource(this.place, result);
    if (source !== null) this.source = source;
    this.place = result.place;
    syncSources(find(this.root, '.source', HTMLSelectElement), result.samples.x.length, this.source);
    this.showTruth(result);
    this.seeds.show(result);
    if (isNew && this.replays) this.lapse.replay();
    this.replays = this.replays && !isNew;
    this.draw();
    Object.assign(this.host.dataset, {
      attentionColumn: result.attention_column,
      run: result.run,
      attention: JSON.stringify(result.attention.at(-1)),
      seed: result.seed,
      score: result.score ?? '',
    });
  }

  /** @param {Result} result */
  showTruth({ verdict, sentence, score, chance, score_name: name, definition, use }) {
    const { root } = this;
    find(root, '.verdict').textContent = verdict;
    find(root, '.sentence').textContent = sentence;
    find(root, '.score').textContent = score === null ? '–' : formatNumber(score, 2);
    find(root, '.fill').style.width = `${(score ?? 0) * 100}%`;
    find(root, '.chance').style.left = `${(chance ?? 0) * 100}%`;
    find(root, '.chance').hidden = chance === null;
    const guess = chance === null ? '' : formatNumber(chance, 2);
    find(root, '.chance-text').textContent = guess ? t`${name} Guessing (dashed) gets ${guess}.` : name;
    find(root, '.definition').textContent = definition;
    find(root, '.key').classList.toggle('with-use', use !== null);
  }

  draw() {
    const { root, result, data, lapse } = this;
    if (!result) return;
    lapse.show();
    const shown = pickWeights(result, this.source);
    this.chart.draw(shown, result, lapse.epoch, this.getPlanted(shown, result));
    this.map.draw(shown, result, lapse.epoch, data.hues.unsigned);
    find(root, '.map .scale').textContent = this.map.scale;
    for (const [name, measures] of Object.entries(MEASURES)) {
      const curves = measures.map((measure) => result.history[measure]);
      drawCurves(find(root, `.${name} svg`, SVGSVGElement), curves, name === 'accuracy', lapse.epoch, data.hues);
    }
  }

  /**
   * The marks stand where the hand wants them, also while the run of that is on its way.
   *
   * @param {Shown} shown
   * @param {Result} result
   */
  getPlanted(shown, result) {
    const { settings } = this.controls;
    const isCurrent = result.place === 'column' && settings.numbers.input_dim === result.names.length;
    if (!isCurrent || !settings.isMovable) return { marks: shown.marks, movable: null };
    return { marks: settings.listMarks(), movable: settings.numbers.attention_column };
  }

  /**
   * An exception here would take the sliders with it.
   *
   * @param {Error} error
   */
  fail({ message }) {
    showStatus(this.status, t`The answer could not be shown (${message}).`, true);
  }

  stop() {
    this.asking.stop();
    this.lapse.stop();
  }
}

/** @param {HTMLElement} figure */
function mountExport(figure) {
  const name = find(figure, 'h2').textContent ?? '';
  const file = `attnviz-${figure.dataset.file}`;
  mountSave(find(figure, '.save'), name, () => ({ ...copyFigure(find(figure, 'svg', SVGSVGElement)), file }));
}

/**
 * @param {Element} legend
 * @param {Hues} hues
 */
function drawLegend(legend, hues) {
  for (const { hue, name } of CURVES) {
    const line = make('i', '');
    line.style.background = hues[hue];
    legend.append(make('span', '', line, name));
  }
}

export default defineComponent((root, /** @type {LabData} */ data) => new Lab(root, data));
