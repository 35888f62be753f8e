// The highlighted review as a picture: the words where the screen has them, in the font of the screen, with the answer,
// the network, the method and the labelled scale. Words that the network did not read are left out, and it says so.

const MARGIN = 28, LEAST_WIDTH = 480, HEAD = 78, RAMP = 160;

function mountPicture(view) {
  const row = Object.assign(document.createElement('p'), { className: 'picture', textContent: 'Picture' });
  mountSave(row, 'the highlighted review', () => drawReview(view));
  view.one('.notes').after(row);
}

async function drawReview(view) {
  const { host, reading, result } = view;
  const style = getComputedStyle(reading), page = style.getPropertyValue('--st-background-color').trim() || '#ffffff';
  const words = findWords(reading), box = reading.getBoundingClientRect();
  const top = Math.min(...words.flatMap(({ runs }) => runs.map((run) => run.top)));
  const bottom = Math.max(...words.flatMap(({ runs }) => runs.map((run) => run.bottom)));
  const width = Math.ceil(Math.max(box.width + 2 * MARGIN, LEAST_WIDTH)), tall = words.length ? bottom - top : 0;
  const svg = shape(null, 'svg', { xmlns: SVG, 'font-family': style.fontFamily, fill: style.color });
  shape(svg, 'style', {}, await embedFont(style.fontFamily));
  const paper = shape(svg, 'rect', { width, fill: page });
  shape(svg, 'text', { x: MARGIN, y: MARGIN + 16, 'font-size': 20, 'font-weight': 600 }, sentence(result.answer));
  shape(svg, 'text', { x: MARGIN, y: MARGIN + 38, 'font-size': 14, 'fill-opacity': 0.8 }, `${result.model}, ${result.method_title.toLowerCase()}`);
  const text = shape(svg, 'g', { transform: `translate(${MARGIN - box.left} ${HEAD + MARGIN - 16 - (words.length ? top : 0)})` });
  const rise = ascent(style);
  for (const word of words) drawWord(text, word, rise, style.fontSize);
  const end = drawScale(svg, view, HEAD + MARGIN + tall + 20);
  const height = Math.ceil(end + MARGIN);
  for (const part of [svg, paper]) put(part, { width, height });
  put(svg, { viewBox: `0 0 ${width} ${height}` });
  return { text: new XMLSerializer().serializeToString(svg), width, height, file: `attnviz-${result.model}-${result.method}` };
}

// What is read, in pieces without white space: a piece has a run for each line that it stands on.
function findWords(reading) {
  const words = [];
  for (const node of reading.childNodes) {
    if (node.kind === 'unread') continue;
    const leaf = node.kind === 'token' ? node.firstChild : node;
    for (const match of (leaf?.data ?? '').matchAll(/\S+/g)) {
      const runs = findRuns(leaf, match.index, match[0]);
      if (runs.length) words.push({ token: node.kind === 'token' ? node : null, runs });
    }
  }
  return words;
}

function findRuns(leaf, start, text) {
  const whole = measure(leaf, start, text.length);
  if (whole.length === 1) return [{ ...edges(whole[0]), text }];
  const runs = [];
  let at = start;
  for (const character of text) {  // it is broken over lines, or written from right to left beside another script
    const [box] = measure(leaf, at, character.length), last = runs[runs.length - 1];
    at += character.length;
    if (!box) { if (last) last.text += character; continue; }
    if (last && Math.abs(last.top - box.top) < 2) {
      Object.assign(last, { text: last.text + character, left: Math.min(last.left, box.left), right: Math.max(last.right, box.right) });
    } else runs.push({ ...edges(box), text: character });
  }
  return runs;
}

function measure(leaf, start, length) {
  const range = document.createRange();
  range.setStart(leaf, start);
  range.setEnd(leaf, start + length);
  return [...range.getClientRects()].filter((box) => box.width > 0);
}

const edges = ({ left, right, top, bottom }) => ({ left, right, top, bottom });

function drawWord(parent, { token, runs }, rise, size) {
  const look = token && getComputedStyle(token);
  for (const { left, right, top, bottom, text } of runs) {
    if (token) {
      const strength = Number(token.style.getPropertyValue('--strength')), fill = token.style.getPropertyValue('--hue');
      const mark = { x: left.toFixed(2), width: (right - left).toFixed(2), fill };
      shape(parent, 'rect', { ...mark, y: top, height: bottom - top, rx: 3, 'fill-opacity': (strength * 0.5).toFixed(3) });
      shape(parent, 'rect', { ...mark, y: bottom - strength * 4, height: strength * 4 });
    }
    const letters = shape(parent, 'text', { x: left.toFixed(2), y: (top + rise).toFixed(2), 'font-size': size, textLength: (right - left).toFixed(2), lengthAdjust: 'spacingAndGlyphs' }, text);
    if (look && look.textDecorationLine !== 'none') {
      letters.style.textDecoration = `${look.textDecorationLine} ${look.textDecorationStyle}`;
      letters.style.textUnderlineOffset = look.textUnderlineOffset;
    }
  }
}

// From the top of a line of letters to the line that they stand on.
function ascent({ fontWeight, fontSize, fontFamily }) {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return pen.measureText('x').fontBoundingBoxAscent;
}

function drawScale(svg, view, y) {
  const { result } = view;
  const line = (text, at) => shape(svg, 'text', { x: MARGIN, y: at, 'font-size': 13, 'fill-opacity': 0.8 }, text);
  const { unsigned, positive, negative } = result.hues, largest = fullColour(view).toFixed(4);
  const unread = result.truncated ? `The first ${result.truncated.toLocaleString('en')} words were not read and are not shown.` : '';
  if (!result.count) return y;
  const stops = result.signed ? [[negative, 0.5], [negative, 0], [positive, 0], [positive, 0.5]] : [[unsigned, 0], [unsigned, 0.5]];
  const ramp = shape(shape(svg, 'defs', {}), 'linearGradient', { id: 'scale' });
  stops.forEach(([colour, opacity], index) => {
    const offset = result.signed ? [0, 0.5, 0.5, 1][index] : index;
    shape(ramp, 'stop', { offset, 'stop-color': colour, 'stop-opacity': opacity });
  });
  const low = line(result.signed ? `−${largest}` : '0', y), start = MARGIN + (result.signed ? 56 : 16);
  put(low, { 'font-variant-numeric': 'tabular-nums' });
  shape(svg, 'rect', { x: start, y: y - 10, width: RAMP, height: 11, rx: 2, fill: 'url(#scale)' });
  put(line(largest, y), { x: start + RAMP + 8 });
  line(view.one('.meaning').textContent, y + 22);
  if (unread) line(unread, y + 44);
  return y + (unread ? 48 : 26);
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function shape(parent, name, attributes, text) {
  const element = put(document.createElementNS(SVG, name), attributes);
  if (text) element.textContent = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');  // XML forbids them
  parent?.appendChild(element);
  return element;
}

function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns') element.setAttribute(name, value);  // the element has its namespace by birth
  }
  return element;
}

// The page's own font as a rule with the file inside, so that the picture looks the same elsewhere and on a canvas.
async function embedFont(family) {
  const wanted = family.split(',')[0].replace(/["']/g, '').trim();
  const rules = [...document.styleSheets].flatMap((sheet) => { try { return [...sheet.cssRules]; } catch { return []; } });
  const face = rules.find((rule) => rule instanceof CSSFontFaceRule && rule.style.fontStyle !== 'italic'
    && rule.style.getPropertyValue('font-family').replace(/["']/g, '').trim() === wanted);
  const address = face?.style.getPropertyValue('src').match(/url\(["']?([^"')]+)/)?.[1];
  if (!address) return '';  // a font of the machine: other machines take the next of the family
  try {
    const file = await (await fetch(new URL(address, face.parentStyleSheet.href ?? document.baseURI))).blob();
    const inside = await new Promise((resolve, reject) => {
      const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: reject });
      reader.readAsDataURL(file);
    });
    return `@font-face { font-family: "${wanted}"; font-weight: 200 900; src: url("${inside}"); }`;
  } catch {
    return '';
  }
}
