// The file of a network, as attnviz/living/network_file.py writes it, checked before anything of it is used.

import { t } from './language.js';

/** @typedef {import('./network_parts.js').LayerPlan} LayerPlan */

/**
 * @typedef {object} NetworkPlan
 * @property {string} name
 * @property {string} title
 * @property {string[]} labels
 * @property {number | null} target
 * @property {number} steps
 * @property {'words' | 'characters'} unit what it reads one by one
 * @property {{ layer: string, axes: string[] } | null} attention
 * @property {string[]} vocabulary
 * @property {LayerPlan[]} layers
 * @property {'float32' | 'float16'} dtype
 * @property {number} bytes
 * @property {string} sha256
 */

const MAGIC = 'ATTNVIZN';
const FORMAT = 1;
const START = MAGIC.length + 4;
const MOST = { steps: 10_000, layers: 1_000, shape: 100_000_000 };

/**
 * What the file says of the network, and its weights.
 * @param {ArrayBuffer} buffer
 * @returns {{ plan: NetworkPlan, weights: DataView<ArrayBuffer> }}
 */
export function readNetworkFile(buffer) {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < START || text(buffer, 0, MAGIC.length) !== MAGIC) {
    throw new Error(t`This is no file of a network of attnviz.`);
  }
  const size = new DataView(buffer).getUint32(MAGIC.length, true);
  if (START + size > buffer.byteLength) throw damaged(t`it ends too early`);
  const plan = readPlan(text(buffer, START, size));
  const weights = new DataView(buffer, START + size);
  if (weights.byteLength !== plan.bytes) {
    throw damaged(t`it holds ${weights.byteLength} bytes of weights, not ${plan.bytes}`);
  }
  for (const layer of plan.layers) checkTensors(layer, plan);
  return { plan, weights };
}

/**
 * The numbers of a tensor; float16 is made float32.
 * @param {DataView<ArrayBuffer>} weights
 * @param {'float32' | 'float16'} dtype
 * @param {number} start
 * @param {number} size
 */
export function readTensor(weights, dtype, start, size) {
  const at = weights.byteOffset + start;
  const numbers =
    dtype === 'float32'
      ? new Float32Array(weights.buffer, at, size)
      : Float32Array.from(new Uint16Array(weights.buffer, at, size), widen);
  for (let place = 0; place < size; place += 1) {
    if (!Number.isFinite(numbers[place])) throw damaged(t`one of its weights is no number`);
  }
  return numbers;
}

/** A half-precision number (IEEE 754 binary16) from its bits. @param {number} bits */
function widen(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return Number.NaN;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}

/** @param {string} reason */
export function damaged(reason) {
  return new Error(t`The file of the network is damaged: ${reason}.`);
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {number} size
 */
function text(buffer, start, size) {
  return new TextDecoder().decode(new Uint8Array(buffer, start, size));
}

/**
 * @param {string} header
 * @returns {NetworkPlan}
 */
function readPlan(header) {
  const plan = parse(header);
  if (plan?.format !== FORMAT)
    throw new Error(t`This page reads network files of format ${FORMAT}, not of another one.`);
  const { name, title, labels, target, steps, unit, attention, vocabulary, layers, dtype, bytes } = plan;
  const right =
    [name, title].every(isText) &&
    isList(labels, isText) &&
    labels.length >= 2 &&
    (target === null || isCount(target, labels.length - 1)) &&
    isCount(steps, MOST.steps) &&
    steps > 0 &&
    (unit === 'words' || unit === 'characters') &&
    (attention === null || (isText(attention?.layer) && isList(attention.axes, isText))) &&
    isList(vocabulary, isText) &&
    vocabulary.length > 3 &&
    isList(layers, isLayer) &&
    layers.length > 1 &&
    layers.length <= MOST.layers &&
    (dtype === 'float32' || dtype === 'float16') &&
    isCount(bytes, 4 * MOST.shape);
  if (!right) throw damaged(t`what it says of itself is not complete`);
  return plan;
}

/**
 * @param {string} header
 * @returns {any}
 */
function parse(header) {
  try {
    return JSON.parse(header);
  } catch {
    throw damaged(t`its header cannot be read`);
  }
}

/** @param {LayerPlan} layer @param {NetworkPlan} plan */
function checkTensors(layer, plan) {
  const bytes = plan.dtype === 'float32' ? 4 : 2;
  for (const [name, { shape, start }] of Object.entries(layer.tensors)) {
    const size = shape.reduce((product, length) => product * length, bytes);
    if (start % 4 || start + size > plan.bytes) throw damaged(t`${layer.name} has no ${name} inside of it`);
  }
}

/** @param {any} value @returns {value is string} */
const isText = (value) => typeof value === 'string';

/** @param {any} value @param {number} most */
const isCount = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;

/** @param {any} value @param {(item: any) => boolean} is */
const isList = (value, is) => Array.isArray(value) && value.every(is);

/** @param {any} layer */
function isLayer(layer) {
  return (
    isText(layer?.name) &&
    isText(layer.kind) &&
    isList(layer.inputs, isText) &&
    isObject(layer.settings) &&
    isObject(layer.tensors) &&
    Object.values(layer.tensors).every(
      (tensor) =>
        isList(tensor?.shape, (length) => isCount(length, MOST.shape)) && isCount(tensor.start, 4 * MOST.shape),
    )
  );
}

/** @param {any} value */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
