/**
 * What Zulip refuses in topics and drops or trips over elsewhere: control characters, lone surrogates, noncharacters.
 * https://github.com/zulip/zulip/blob/main/zerver/lib/string_validation.py
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
const UNPRINTABLE_BUT_LAYOUT = /(?![\n\t])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
/** Embeddings, overrides and isolates of direction: in a name they would turn round the words that stand beside it. */
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const WHITE_SPACE = /[\s\x85]+/g;
/** Everything that a reader may take for the end of a line: https://www.unicode.org/reports/tr14/#BK */
const LINE_BREAK = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const VISIBLE = /[^\s\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u;

/** @returns the text on one line: unprintable characters dropped, white space collapsed. */
export function cleanLine(text: string): string {
  return text
    .replace(WHITE_SPACE, ' ')
    .replace(UNPRINTABLE, '')
    .replace(DIRECTION_CONTROLS, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** @returns the text with `\n` for every kind of line break, unprintable characters dropped. */
export function cleanLines(text: string): string {
  return text.replace(LINE_BREAK, '\n').replace(UNPRINTABLE_BUT_LAYOUT, '');
}

/** @returns whether a reader would see anything of the text. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}
