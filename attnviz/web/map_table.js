// A word's score and rank in every map, laid out as the maps are.

import { make } from './dom.js';
import { t } from './language.js';
import { formatRank } from './map_cell.js';
import { formatScore } from './numbers.js';

/** @import { MapCell } from './map_cell.js' */
/** @import { MapsData } from './maps.js' */

/**
 * @param {Pick<MapsData, 'rows' | 'columns' | 'texts'>} data
 * @param {readonly MapCell[]} cells row by row
 * @param {number} group of the word
 */
export function buildTable({ rows, columns, texts }, cells, group) {
  const words = cells.flatMap(({ groups, view }) => view.tokens.filter((_, index) => groups[index] === group));
  const caption = [...new Set(words.map(({ word }) => word))].join(' / ');
  const table = make('table', '', make('caption', '', caption, make('small', '', t`score, rank`)));
  table.append(make('tr', '', make('td', ''), ...columns.map((name) => buildHead(name, 'col'))));
  rows.forEach((name, row) => {
    const line = cells.slice(row * columns.length, (row + 1) * columns.length);
    table.append(
      make('tr', '', buildHead(name, 'row'), ...line.map((cell) => buildNumber(cell, group, texts.length > 1))),
    );
  });
  return table;
}

/**
 * @param {string} name
 * @param {string} scope
 */
function buildHead(name, scope) {
  const head = make('th', '', name);
  head.scope = scope;
  return head;
}

/**
 * @param {MapCell} cell
 * @param {number} group
 * @param {boolean} several whether the maps are of several texts
 */
function buildNumber({ scale, groups, ranks, view }, group, several) {
  const index = groups.indexOf(group);
  if (scale && index >= 0) {
    const number = formatScore(view.tokens[index].score, scale.signed);
    return make('td', '', number, make('small', '', `${formatRank(ranks[index])} / ${ranks.length}`));
  }
  const missing = several ? t`not there` : t`not read`;
  return make('td', '', '', make('small', '', scale ? missing : t`no attention`));
}
