// The places of the lab, as a reader calls them.

import { t } from './language.js';

/**
 * "column 3", "step 3".
 *
 * @param {'column' | 'step'} place what a weight belongs to
 * @param {number} index
 */
export const namePlace = (place, index) => (place === 'column' ? t`column ${index}` : t`step ${index}`);

/**
 * A column of a table, which has a title.
 *
 * @param {string} title
 */
export const nameColumn = (title) => t`column ${title}`;
