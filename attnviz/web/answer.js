// What the network says of a text: of two labels the probability of one of them on a gauge, of more a bar for each.

import { fillChildren, find, make, put } from './dom.js';
import { nameLabel } from './labels.js';
import { t } from './language.js';
import { capitalise } from './words.js';

/** @import { Root } from './component.js' */
/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} Answer
 * @property {string[]} labels
 * @property {number[] | null} probabilities of the labels; null if there is no word to read
 * @property {string[]} texts the same in digits
 * @property {number} target the label that is explained, an index
 * @property {number | null} predicted the most probable one
 * @property {number} shown the one whose probability stands for the answer
 * @property {string} name what that probability is called
 * @property {string} said the answer in words
 * @property {boolean} unknown whether the network knows none of the words, so that its answer is no verdict on them
 */

/**
 * The number and the verdict in words.
 *
 * @param {Answer} answer
 */
export function describeAnswer(answer) {
  const { labels, predicted, shown, texts, said, unknown } = answer;
  if (predicted === null || unknown) return { number: '–', verdict: said };
  return { number: texts[shown], verdict: nameLabel(labels[predicted]) };
}

/**
 * The colour of the verdict: that of the scores which speak for it.
 *
 * @param {Answer} answer
 * @param {Hues} hues
 */
export const getVerdictHue = ({ target, predicted }, hues) => (predicted === target ? hues.toward : hues.against);

/**
 * What is filled of a gauge, in percent: of two labels from 0.5 on, where it turns, else from 0.
 *
 * @param {Pick<Answer, 'labels' | 'probabilities' | 'shown' | 'unknown'>} answer
 */
export function placeGauge({ labels, probabilities, shown, unknown }) {
  const from = labels.length === 2 ? 0.5 : 0;
  const probability = unknown ? from : (probabilities?.[shown] ?? from);
  return { left: Math.min(from, probability) * 100, width: Math.abs(probability - from) * 100 };
}

/**
 * The gauge of an answer: how far it is filled, and in which colour.
 *
 * @param {HTMLElement} fill
 * @param {Answer} answer
 * @param {Hues} hues
 */
export function drawGauge(fill, answer, hues) {
  const { left, width } = placeGauge(answer);
  fill.style.left = `${left}%`;
  fill.style.width = `${width}%`;
  fill.style.background = getVerdictHue(answer, hues);
}

/**
 * @param {Root} root
 * @param {Answer} answer
 * @param {Hues} hues
 */
export function drawAnswer(root, answer, hues) {
  const { labels, target } = answer;
  const two = labels.length === 2;
  find(root, '.answer-title').textContent = capitalise(answer.name);
  const { number, verdict } = describeAnswer(answer);
  const probability = find(root, '.probability');
  if (probability.textContent !== `${number} ${verdict}`) {
    probability.replaceChildren(number, ' ', make('small', '', verdict)); // read aloud whenever its nodes change
  }
  find(root, '.meter').hidden = !two;
  find(root, '.ends').hidden = !two;
  drawGauge(find(root, '.fill'), answer, hues);
  const [low, high] = find(root, '.ends').children;
  [low.textContent, high.textContent] = [labels[1 - target] ?? '', labels[target]].map(nameLabel);
  drawLabels(find(root, '.labels'), answer, hues);
}

/**
 * One bar a label, the explained one marked.
 *
 * @param {HTMLElement} list
 * @param {Answer} answer
 * @param {Hues} hues
 */
function drawLabels(list, { labels, probabilities, texts, target, unknown }, hues) {
  fillChildren(
    list,
    labels.length === 2 || !probabilities || unknown ? [] : labels.map(nameLabel),
    buildLabel,
    (row, label, index) => {
      const [name, track, value] = row.children;
      put(name, { title: label }, label);
      put(value, {}, texts[index]);
      put(row, { class: index === target ? 'bar explained' : 'bar' });
      row.style.setProperty('--hue', index === target ? hues.toward : hues.against);
      const length = /** @type {HTMLElement} */ (track.firstElementChild);
      length.style.width = `${(probabilities?.[index] ?? 0) * 100}%`;
      if (index === target) put(row, { 'aria-current': 'true', title: t`The scores speak for or against this one.` });
      else for (const gone of ['aria-current', 'title']) row.removeAttribute(gone);
    },
  );
}

const buildLabel = () =>
  make('li', 'bar', make('span', 'word'), make('span', 'track', make('span', 'length')), make('span', 'value'));
