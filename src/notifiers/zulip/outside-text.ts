/**
 * How a piece of a message is shown. `own`: the template's words, Markdown. `inline`: from outside, on one line.
 * `quote`: from outside, to be quoted. `markdown`: Markdown made by a filter of ours, nothing in it left to encode.
 */
export type PieceKind = 'own' | 'inline' | 'quote' | 'markdown';

export interface Piece {
  kind: PieceKind;
  text: string;
}

/*
 * Templates write text from outside between marks, and what is between them is encoded or quoted when the message is
 * put together: only then it is known where it stands and how much room there is. The marks are noncharacters, which
 * are for a program's private use (https://www.unicode.org/faq/private_use.html#nonchar1) and are dropped from
 * everything that comes from outside and from the templates themselves.
 */
const MARKS = { inline: '\ufdd0', quote: '\ufdd1', markdown: '\ufdd2' } as const;
const END = '\ufdd3';
const EVERY_MARK = /[\ufdd0-\ufdd3]/g;
const PIECE = /[\ufdd0-\ufdd2][^\ufdd0-\ufdd3]*\ufdd3|[^\ufdd0-\ufdd3]+/g;
/** A line on which outputs stood, all of them empty. */
const LINE_WITHOUT_OUTPUT = /^[^\S\n]*(?:[\ufdd0-\ufdd2]\ufdd3[^\S\n]*)+\n/gm;

/** @returns the text between marks; marks within it are dropped. */
export function markText(kind: Exclude<PieceKind, 'own'>, text: string): string {
  return `${MARKS[kind]}${dropMarks(text)}${END}`;
}

export function dropMarks(text: string): string {
  return text.replace(EVERY_MARK, '');
}

/** @returns the pieces of a rendered template in order, without the lines whose outputs all were empty. */
export function readPieces(rendered: string): Piece[] {
  const texts = rendered.replace(LINE_WITHOUT_OUTPUT, '').match(PIECE) ?? [];
  return texts.map((text): Piece => {
    const kind = kindOf(text.charAt(0));
    return kind === 'own' ? { kind, text } : { kind, text: text.slice(1, -1) };
  });
}

function kindOf(mark: string): PieceKind {
  switch (mark) {
    case MARKS.inline:
      return 'inline';
    case MARKS.quote:
      return 'quote';
    case MARKS.markdown:
      return 'markdown';
    default:
      return 'own';
  }
}
