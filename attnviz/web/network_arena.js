// Where the tensors of a network lie in its memory: places are given out first, then the memory is opened at its size.

import { t } from './language.js';
import { damaged } from './network_file.js';

/** @typedef {import('./network_parts.js').LayerPlan} LayerPlan */

const MAX_FLOATS = 100_000_000;

export class Arena {
  /** @type {{ at: number, start: number, size: number }[]} */
  weights = [];
  size = 0;

  /** @param {number} steps how many words the network reads at most */
  constructor(steps) {
    this.steps = steps;
  }

  /**
   * The place of so many floats; it begins at a multiple of four.
   * @param {number} floats
   */
  reserve(floats) {
    const at = this.size;
    this.size += Math.ceil(floats / 4) * 4;
    if (this.size > MAX_FLOATS) throw damaged(t`it would take too much memory`);
    return at;
  }

  /**
   * The place of a layer's weights, whose shape must be this one; NaN stands for any length.
   * @param {LayerPlan} layer
   * @param {string} name
   * @param {...number} shape
   */
  place(layer, name, ...shape) {
    const tensor = layer.tensors[name];
    const fits =
      tensor?.shape.length === shape.length &&
      shape.every((length, axis) => Number.isNaN(length) || length === tensor.shape[axis]);
    if (!fits) throw damaged(t`${layer.name} has no ${name} of the right shape`);
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    const at = this.reserve(size);
    this.weights.push({ at, start: tensor.start, size });
    return at;
  }
}
