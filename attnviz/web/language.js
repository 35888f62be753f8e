// The tags of messages. The linker puts each message in the reader's language in its place (translation.py); where
// a module runs as it lies here, it speaks English.

/**
 * A message.
 *
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export const t = (strings, ...values) => String.raw({ raw: strings }, ...values);

/**
 * A message that goes with a count; its forms are parted by a bar (translation.py shows one).
 *
 * @param {number} count
 */
export function plural(count) {
  /** @type {(strings: TemplateStringsArray, ...values: unknown[]) => string} */
  return (strings, ...values) => {
    const forms = [''];
    strings.forEach((text, place) => {
      const [first, ...others] = text.split('|');
      forms.push(forms.pop() + first, ...others);
      if (place < values.length) forms.push(`${forms.pop()}${values[place]}`);
    });
    return forms[count === 1 ? 0 : 1];
  };
}
