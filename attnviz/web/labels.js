// The names of classes as a reader sees them; whoever brings classes named them in a language of his own.

import { t } from './language.js';

/** @type {Record<string, string>} */
const SHIPPED = { positive: t`positive`, negative: t`negative` };

/** @param {string} label */
export const nameLabel = (label) => SHIPPED[label] ?? label;
