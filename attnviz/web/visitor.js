// Keeps the key of a visitor in a cookie of this site: no other site gets it, and it is in no address.

/** @import { Call } from './component.js' */

/** @typedef {{ name: string, key: string, seconds: number }} Visitor */

/** @param {Call<Visitor>} call */
export default function keep({ data: { name, key, seconds } }) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not there without https
  document.cookie = `${name}=${key}; Path=/; Max-Age=${seconds}; SameSite=Strict${secure}`;
}
