// The words of a text are one tab stop, and the arrow keys walk from word to word.

/** @type {Record<string, number>} */
const STEPS = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: 10,
  ArrowUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** @typedef {Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>} Key */

/**
 * The place that a key leads to from another one; null for keys that belong to the browser or to somebody else.
 *
 * @param {Key} key
 * @param {number} from
 * @param {number} count
 */
export function findStep({ key, altKey, ctrlKey, metaKey, shiftKey }, from, count) {
  if (from < 0 || !Object.hasOwn(STEPS, key) || altKey || ctrlKey || metaKey || shiftKey) return null;
  return Math.max(0, Math.min(count - 1, from + STEPS[key]));
}
