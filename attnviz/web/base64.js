// Bytes that stand in a page as text.

/**
 * @param {string} text base64
 * @returns {ArrayBuffer}
 */
export function decodeBase64(text) {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return bytes.buffer;
}
