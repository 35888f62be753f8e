// Whose weights the lab shows: the mean over all validation samples, or one of the first ones.

import { t } from './language.js';

/** @import { Result } from './lab_data.js' */

/**
 * @typedef {object} Shown
 * @property {number[][]} rows one an epoch, one weight a place
 * @property {Record<string, string>} marks names of some places
 * @property {readonly boolean[]} truth whether the answer lies there, one a place; empty if that is not known
 * @property {number[] | null} inputs what stands at the places; null for the mean
 */

/**
 * What is shown at first, null if the reader's choice stays. In a sequence the place of the answer differs from sample
 * to sample, so that a mean says little: one sample is shown.
 *
 * @param {string | null} before what a weight belonged to in the last run
 * @param {Result} result
 */
export function chooseSource(before, { place, spread }) {
  if (before === place) return null;
  return place === 'step' && !spread ? '0' : 'mean';
}

/**
 * @param {HTMLSelectElement} select
 * @param {number} count
 * @param {string} source
 */
export function syncSources(select, count, source) {
  if (select.options.length !== count + 1) {
    const places = [...Array(count).keys()];
    const samples = places.map((index) => new Option(t`validation sample ${index + 1}`, String(index)));
    select.replaceChildren(new Option(t`all validation samples (mean)`, 'mean'), ...samples);
  }
  select.value = source;
}

/**
 * @param {Pick<Result, 'place' | 'attention' | 'watched' | 'samples' | 'marks'>} result
 * @param {string} source 'mean' or the number of a sample
 * @returns {Shown}
 */
export function pickWeights({ place, attention, watched, samples, marks }, source) {
  if (source === 'mean') {
    const truth = place === 'column' ? samples.truth[0] : []; // the same in every sample
    return { rows: attention, marks, truth: truth.some(Boolean) ? truth : [], inputs: null };
  }
  const index = Number(source);
  const truth = samples.truth[index];
  const steps = place === 'step' ? [...truth.keys()].filter((step) => truth[step]) : [];
  const answers = Object.fromEntries(steps.map((step) => [step, 'the answer']));
  return {
    rows: watched.map((epoch) => epoch[index]),
    marks: { ...marks, ...answers },
    truth: truth.some(Boolean) ? truth : [],
    inputs: samples.x[index],
  };
}
