// The names of classes as a reader sees them; whoever brings classes named them in a language of his own.

import { t } from './language.js';

/** @type {Record<string, string>} */
const SHIPPED = {
  negative: t`negative`,
  positive: t`positive`,
  '1-2 stars': t`1-2 stars`,
  '3-4 stars': t`3-4 stars`,
  '7-8 stars': t`7-8 stars`,
  '9-10 stars': t`9-10 stars`,
};

/** @param {string} label */
export const nameLabel = (label) => SHIPPED[label] ?? label;
