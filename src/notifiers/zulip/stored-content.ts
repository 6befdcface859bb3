/** What Python's `str.rstrip` takes for white space (`str.isspace`); JavaScript's `trimEnd` differs in a few characters. */
const PYTHON_WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * @returns a message's content in the form in which Zulip stores it: white space at its end and line breaks at its start
 *   dropped (https://github.com/zulip/zulip/blob/main/zerver/lib/message.py, normalize_body)
 */
export function storedContent(content: string): string {
  return trimEndAsPython(content).replace(/^\n+/, '');
}

/** By hand: a pattern that ends in `\s+$` takes quadratic time on a long run of spaces in the middle. */
export function trimEndAsPython(text: string): string {
  let end = text.length;
  while (end > 0 && PYTHON_WHITE_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
