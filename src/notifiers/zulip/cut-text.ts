const ELLIPSIS = '…';

/** @returns how many code points the text has, which is how Zulip counts. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += lengthAt(text, index)) count++;
  return count;
}

/** @returns the text, at most `longest` code points of it, the last of them `…` where something was cut. */
export function cutText(text: string, longest: number): string {
  if (endOf(text, longest) === text.length) return text;
  if (longest < 1) return '';
  return `${text.slice(0, endOf(text, longest - 1)).trimEnd()}${ELLIPSIS}`;
}

/** @returns the index after the first `count` code points, or the text's end. */
export function endOf(text: string, count: number): number {
  if (text.length <= count) return text.length;
  let index = 0;
  for (let taken = 0; taken < count && index < text.length; taken++) index += lengthAt(text, index);
  return index;
}

function lengthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
