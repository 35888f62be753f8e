// The living page: what the address asks for, the choice of a network and a method, and the editor under them.

import { find, make, showStatus } from './dom.js';
import { t } from './language.js';
import { pickMethod, readAddress } from './live_address.js';
import { LiveStage } from './live_stage.js';
import { readWeights } from './live_weights.js';

/** @import { NetworkEntry, Wish } from './live_address.js' */
/** @import { Settings } from './live_stage.js' */

/** @typedef {{ networks: NetworkEntry[], text: string, method: string, settings: Settings }} PageData */

class LivePage {
  /** @param {PageData} data */
  constructor(data) {
    this.data = data;
    this.state = find(document, '.state');
    this.network = find(document, '.network', HTMLSelectElement);
    this.method = find(document, '.method', HTMLSelectElement);
    this.stage = new LiveStage(showReview(), data.settings, find(document, '#leave-one-out').textContent ?? '');
    find(document, '.choose-network').hidden = data.networks.length === 1;
    offer(this.network, data.networks);
    this.network.addEventListener('change', () => this.open(this.chosen, this.method.value, []));
    this.method.addEventListener('change', () => this.stage.choose(this.method.value));
  }

  get chosen() {
    return this.data.networks[this.network.selectedIndex];
  }

  /** @param {Wish} wish */
  start({ entry, method, text, embedded, notes }) {
    document.documentElement.classList.toggle('embedded', embedded);
    this.network.value = entry.name;
    this.stage.setText(text);
    return this.open(entry, method, notes);
  }

  /**
   * Show a network; another one may be chosen before its weights are there.
   *
   * @param {NetworkEntry} entry
   * @param {string} wanted
   * @param {string[]} notes
   */
  async open(entry, wanted, notes) {
    const method = pickMethod(entry, wanted).name;
    offer(this.method, entry.methods);
    this.method.value = method;
    const { name } = entry;
    find(document, '.about').textContent = `${name}: ${entry.title}, ${entry.about}`;
    showStatus(this.state, t`${name} is being loaded …`, false);
    try {
      const content = await readWeights(entry);
      if (this.chosen === entry) await this.stage.open(content, this.method.value);
      if (this.chosen === entry) showStatus(this.state, notes.join(' '), false);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      showStatus(this.state, t`${name} can't read here: ${why}`, true);
    }
  }
}

/** The editor in a shadow of its own, so that its style is its own, too. */
function showReview() {
  const root = find(document, '.review').attachShadow({ mode: 'open' });
  root.append(find(document, '#review-shell', HTMLTemplateElement).content.cloneNode(true));
  return root;
}

/**
 * @param {HTMLSelectElement} select
 * @param {{ name: string, title: string }[]} choices
 */
function offer(select, choices) {
  select.replaceChildren(
    ...choices.map(({ name, title }) => Object.assign(make('option', '', title), { value: name })),
  );
}

/** @returns {Promise<void>} */
function openPage() {
  /** @type {PageData} */
  const data = JSON.parse(find(document, '#page-data').textContent ?? '');
  return new LivePage(data).start(readAddress(location.search, data));
}

export default openPage();
