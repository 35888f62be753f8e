// Small networks, made as files for the tests: numbers from a fixed rule, so that they are the same in each run.

/**
 * @typedef {[name: string, kind: string, inputs: string[], shapes: Record<string, number[]>, settings?: object]} Row
 */

export const WORDS = ['<pad>', '<start>', '<unknown>', 'a', 'fine', 'film', 'dull'];

/** LSTM with scaled dot-product attention. @type {Row[]} */
export const FORWARD = [
  ['ids', 'words', [], {}],
  ['vectors', 'embedding', ['ids'], { table: [WORDS.length, 3] }],
  ['states', 'lstm', ['vectors'], { kernel: [3, 16], recurrent: [4, 16], bias: [16] }, { return_sequences: true }],
  ['last', 'last_state', ['states'], {}],
  ['attention', 'dot_product', ['states', 'last'], { query_kernel: [4, 4], key_kernel: [4, 4] }],
  ['context', 'weighted_sum', ['attention', 'states'], {}],
  ['answer', 'dense', ['context'], { kernel: [4, 1], bias: [1] }, { activation: 'sigmoid' }],
];

/**
 * The file of a network.
 * @param {Row[]} rows
 * @param {{ header?: object, change?: (weights: Float32Array) => void }} [options]
 */
export function makeFile(rows = FORWARD, { header = {}, change } = {}) {
  let floats = 0;
  const layers = rows.map(([name, kind, inputs, shapes, settings = {}]) => {
    /** @type {Record<string, { shape: number[], start: number }>} */
    const tensors = {};
    for (const [tensor, shape] of Object.entries(shapes)) {
      tensors[tensor] = { shape, start: 4 * floats };
      floats += shape.reduce((product, length) => product * length, 1);
    }
    return { name, kind, inputs, settings, tensors };
  });
  const weights = Float32Array.from({ length: floats }, (_, place) => Math.sin(1 + place * place));
  change?.(weights);
  const plan = {
    format: 1,
    name: 'made',
    title: 'Made for a test',
    labels: ['negative', 'positive'],
    target: 1,
    steps: 5,
    attention: { layer: 'attention', axes: ['tokens'] },
    unit: 'words',
    vocabulary: WORDS,
    layers,
    dtype: 'float32',
    bytes: 4 * floats,
    sha256: '',
    ...header,
  };
  return pack(JSON.stringify(plan), weights);
}

/**
 * @param {string} header
 * @param {Float32Array} weights
 * @param {string} magic
 */
export function pack(header, weights, magic = 'ATTNVIZN') {
  const text = header + ' '.repeat((4 - (header.length % 4)) % 4);
  const bytes = new Uint8Array(12 + text.length + weights.byteLength);
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), 12);
  bytes.set(new Uint8Array(weights.buffer), 12 + text.length);
  return bytes.buffer;
}
