// Pictures to take away: what is on the screen as a file, SVG or PNG at twice its size.

import { make } from './dom.js';
import { t } from './language.js';

/**
 * @typedef {object} Drawing
 * @property {string} text the SVG
 * @property {number} width
 * @property {number} height
 * @property {string} file its name without the ending
 */

/**
 * Two quiet buttons.
 *
 * @param {Element} place
 * @param {string} name
 * @param {() => Drawing | Promise<Drawing>} draw
 * @param {(error: Error) => void} [fail] called when there is no picture
 */
export function mountSave(place, name, draw, fail = console.error) {
  for (const kind of ['SVG', 'PNG']) {
    const button = make('button', '', kind);
    button.type = 'button';
    button.setAttribute('aria-label', t`Save ${name} as ${kind}`);
    button.addEventListener('click', () => save(kind, draw).catch(fail));
    place.appendChild(button);
  }
}

/**
 * @param {string} kind
 * @param {() => Drawing | Promise<Drawing>} draw
 */
async function save(kind, draw) {
  const drawing = await draw();
  const file = kind === 'SVG' ? new Blob([drawing.text], { type: 'image/svg+xml' }) : await rasterise(drawing);
  download(file, `${drawing.file}.${kind.toLowerCase()}`);
}

/**
 * @param {Drawing} drawing
 * @returns {Promise<Blob>}
 */
async function rasterise({ text, width, height }) {
  const image = new Image();
  const canvas = document.createElement('canvas');
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  Object.assign(canvas, { width: width * 2, height: height * 2 });
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(t`The picture is too large.`))), 'image/png');
  });
}

/**
 * @param {Blob} blob
 * @param {string} file
 */
function download(blob, file) {
  const link = make('a', '');
  Object.assign(link, { href: URL.createObjectURL(blob), download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
