/** Whatever would move the cursor of a terminal, or stand in another order than it was written. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** @returns a text from outside, on one line and with nothing that a terminal would obey */
export function terminalText(text: string): string {
  return text.replaceAll(INVISIBLE, '\ufffd');
}
