// The places of the lab, as a reader calls them.

import { t } from './language.js';

/**
 * "column 3", "step 3".
 *
 * @param {'column' | 'step'} place what a weight belongs to
 * @param {string | number} name
 */
export const namePlace = (place, name) => (place === 'column' ? t`column ${name}` : t`step ${name}`);
