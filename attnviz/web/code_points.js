// Places in a text: JavaScript counts halves of surrogate pairs, Python (and with it data-start and the steps) counts
// code points.
// counts code points.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

export class CodePoints {
  /** @param {string} text */
  constructor(text) {
    this.pairs = Array.from(text.matchAll(PAIR), ({ index }) => index);
  }

  /**
   * How many code points stand before a place.
   *
   * @param {number} place in JavaScript's count
   */
  count(place) {
    return place - findFirst(this.pairs.length, (pair) => this.pairs[pair] >= place);
  }

  /**
   * The place in JavaScript's count behind so many code points.
   *
   * @param {number} points
   */
  find(points) {
    return points + findFirst(this.pairs.length, (pair) => this.pairs[pair] - pair >= points);
  }
}

/**
 * The first of so many numbers from 0 for which something holds that then holds for all that follow.
 *
 * @param {number} count
 * @param {(number: number) => boolean} holds
 */
export function findFirst(count, holds) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
