// Pictures to take away: what is on the screen as a file, SVG or PNG at twice its size.

// Two quiet buttons. `draw` returns, or promises, { text: the SVG, width, height, file: its name without the ending }.
function mountSave(place, name, draw) {
  for (const kind of ['SVG', 'PNG']) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: kind });
    button.setAttribute('aria-label', `Save ${name} as ${kind}`);
    button.addEventListener('click', async () => {
      const { text, width, height, file } = await draw();
      const drawing = new Blob([text], { type: 'image/svg+xml' });
      download(kind === 'SVG' ? drawing : await rasterise(text, width, height), `${file}.${kind.toLowerCase()}`);
    });
    place.appendChild(button);
  }
}

async function rasterise(text, width, height) {
  const image = new Image(), canvas = document.createElement('canvas');
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  Object.assign(canvas, { width: width * 2, height: height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function download(blob, file) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
