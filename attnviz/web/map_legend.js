// What the colours and frames of the maps mean; only what is on the screen is explained.

import { make } from './dom.js';
import { nameLabel } from './labels.js';
import { t } from './language.js';
import { getRamp } from './scales.js';

/** @import { Cell } from './map_cell.js' */
/** @import { MapsData } from './maps.js' */

/**
 * @param {HTMLElement} list
 * @param {MapsData} data
 */
export function drawLegend(list, data) {
  const rows = listMeanings(data).map(([kind, meaning]) => {
    const sample = kind.startsWith('ramp') ? make('span', 'ramp') : make('span', `sample ${kind}`, t`word`);
    if (kind.startsWith('ramp')) sample.style.background = getRamp(kind === 'ramp signed', data.hues);
    return make('li', '', sample, make('span', '', meaning));
  });
  list.replaceChildren(...rows);
}

/**
 * @param {Pick<MapsData, 'cells' | 'outlined' | 'outline' | 'even_shares'>} data
 * @returns {[kind: string, meaning: string][]}
 */
export function listMeanings({ cells, outlined, outline, even_shares: shares }) {
  const texts = cells.filter((cell) => cell.empty === undefined).map((cell) => /** @type {Cell} */ (cell).text);
  const sides = texts.filter(({ scale }) => scale.signed).map(({ scale }) => nameSides(scale));
  /** @type {[boolean, string, string][]} */
  const all = [
    [
      texts.some(({ scale }) => !scale.signed),
      'ramp',
      t`0 to the map’s largest weight, or to ${shares} times an even share if that is more`,
    ],
    [sides.length > 0, 'ramp signed', t`${[...new Set(sides)].join('; ')}; up to the map’s largest score`],
    [outlined.length > 0, 'outlined', outline],
    [texts.some(({ tokens }) => tokens.some(([, , , , , , known]) => !known)), 'unknown', t`unknown to the network`],
    [texts.some((text) => text.truncated || text.truncated_end), 'unread', t`not read by the network`],
    [true, 'marked', t`the word that you point at, in every map`],
  ];
  return all.filter(([shown]) => shown).map(([, kind, meaning]) => [kind, meaning]);
}

/** @param {{ toward: string, against: string }} scale */
const nameSides = ({ toward, against }) => t`orange toward ${nameLabel(against)}, blue toward ${nameLabel(toward)}`;
