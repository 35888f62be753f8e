// Drawings whose parts are made once and changed in place, so that they glide from one state to the next.

const SVG = 'http://www.w3.org/2000/svg';

// A part of a drawing by its key.
function node(parent, name, key) {
  parent.parts ??= {};
  if (!parent.parts[key]) parent.appendChild(parent.parts[key] = document.createElementNS(SVG, name));
  return parent.parts[key];
}

function set(element, attributes, text) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
  if (text !== undefined && element.textContent !== text) element.textContent = text;
  return element;
}

// Remove the parts whose keys are the prefix and a number from count on.
function trim(parent, prefix, count) {
  for (const key of Object.keys(parent.parts ?? {})) {
    if (key.startsWith(prefix) && Number(key.slice(prefix.length)) >= count) { parent.parts[key].remove(); delete parent.parts[key]; }
  }
}
