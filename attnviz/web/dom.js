// Elements of a page: found, made, and changed only where something is new.

/**
 * The element that a component's own HTML holds; its kind is checked, so that what is read of it is there.
 *
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function find(root, selector, kind = /** @type {any} */ (HTMLElement)) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`There is no ${kind.name} ${selector}`);
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {(Node | string)[]} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * Attributes, and the text if one is given. What stays the same costs the browser nothing.
 *
 * @template {Element} Kind
 * @param {Kind} element
 * @param {Attributes} attributes
 * @param {string} [text]
 * @returns {Kind}
 */
export function put(element, attributes, text) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
  if (text !== undefined && element.textContent !== text) element.textContent = text;
  return element;
}

/**
 * The nearest element around what an event happened to.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function around(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * As many children as there are items, each made once and filled in place.
 *
 * @template {Element} Kind
 * @template Item
 * @param {Element} parent
 * @param {readonly Item[]} items
 * @param {() => Kind} build
 * @param {(child: Kind, item: Item, index: number) => void} fill
 */
export function fillChildren(parent, items, build, fill) {
  items.forEach((item, index) => {
    const child = /** @type {Kind} */ (parent.children[index] ?? parent.appendChild(build()));
    fill(child, item, index);
  });
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
}

/**
 * Keys pressed here do not reach Streamlit, which has shortcuts of its own.
 *
 * @param {Element} element
 */
export function keepKeys(element) {
  element.addEventListener('keydown', (event) => event.stopPropagation());
}

/**
 * Runs what draws, whenever an element got another size. A new width is no news, so nothing glides meanwhile.
 *
 * @param {Element} element
 * @param {Element} still
 * @param {() => void} draw
 */
export function redrawOnResize(element, still, draw) {
  new ResizeObserver(() => {
    still.classList.add('still');
    draw();
    requestAnimationFrame(() => still.classList.remove('still'));
  }).observe(element);
}

/**
 * What is being waited for, or what went wrong.
 *
 * @param {HTMLElement} status
 * @param {string} text
 * @param {boolean} isError
 */
export function showStatus(status, text, isError) {
  status.textContent = text;
  status.classList.toggle('error', isError);
}

/**
 * @param {HTMLElement} list
 * @param {readonly string[]} notes
 * @param {Readonly<Record<string, string>>} [pages] addresses of pages by the words that name them, which become links
 */
export function showNotes(list, notes, pages = {}) {
  list.replaceChildren(...notes.map((note) => make('li', '', ...linkPages(note, pages))));
}

/**
 * @param {string} note
 * @param {Readonly<Record<string, string>>} pages
 */
function linkPages(note, pages) {
  const name = Object.keys(pages).find((words) => note.includes(words));
  if (!name) return [note];
  const at = note.indexOf(name);
  const link = Object.assign(make('a', '', name), { href: pages[name], target: '_blank', rel: 'noopener' });
  return [note.slice(0, at), link, note.slice(at + name.length)];
}
