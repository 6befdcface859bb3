/** Deeper quotes and lists keep their text but get no further prefix: a prefix stands on every line. */
const MOST_PREFIXES = 6;
const MOST_LINE_BREAKS = 2;
const SHORTEST_FENCE = 3;

/** A mark around inline text. How it opens and closes may hang on what was written in between. */
export interface Mark {
  name: string;
  surround(written: () => string): [open: string, close: string];
}

/** Within code a delimiter is a character like any other. */
const CODE = 'code';

interface Prefix {
  /** For the first line: a list item's bullet. */
  first: string;
  /** For the others. */
  rest: string;
  isUsed: boolean;
}

/**
 * Writes Markdown piece by piece. White space, line breaks and marks are held back until text follows, so that none
 * stand at the edge of a line, around nothing, or across a line break. Costs are linear in what is written.
 */
export class MarkdownWriter {
  private readonly pieces: string[] = [];
  private readonly marks: Mark[] = [];
  /** Where in `pieces` the marks that are written opened; the first ones of `marks`. */
  private readonly opened: number[] = [];
  private readonly muted = new Map<string, number>();
  private readonly prefixes: Prefix[] = [];
  /** Where in `pieces` the parts end. */
  private readonly partEnds: number[] = [];
  private lineBreaks = 0;
  /** What stands before the next text of the same line. */
  private gap = '';

  /** Writes text that holds no line breaks; white space at its edges collapses with what stands there. */
  write(text: string): void {
    const trimmed = text.trim();
    if (this.gap === '' && text.trimStart() !== text) this.gap = ' ';
    if (trimmed === '') return;
    this.beginText();
    this.pieces.push(trimmed);
    this.gap = text.trimEnd() === text ? '' : ' ';
  }

  /** Keeps what follows on the same line apart from what stands there. */
  separate(separator: string): void {
    this.gap = separator;
  }

  /** Ends the line; blocks that open or close at the same place share their breaks. */
  breakLine(atLeast: number): void {
    this.lineBreaks = Math.max(this.lineBreaks, atLeast);
  }

  /** Adds a line break to those already waiting, as `<br>` does. */
  addLineBreak(): void {
    this.lineBreaks = Math.min(this.lineBreaks + 1, MOST_LINE_BREAKS);
  }

  /** Opens a mark around what follows, unless it would stand within itself or within code, where it means nothing. */
  openMark(mark: Mark): void {
    if (this.marks.some(({ name }) => name === mark.name || name === CODE)) this.mute(mark.name, 1);
    else this.marks.push(mark);
  }

  /** Closes what the last `openMark` of that name opened. */
  closeMark(name: string): void {
    if (this.mute(name, 0) > 0) {
      this.mute(name, -1);
      return;
    }
    const index = this.marks.findIndex((mark) => mark.name === name);
    if (index === -1) return;
    this.closeWritten(index);
    this.marks.length = index;
  }

  openPrefix(first: string, rest: string): void {
    this.prefixes.push({ first, rest, isUsed: false });
  }

  closePrefix(): void {
    this.prefixes.pop();
  }

  /** Writes lines as they are, in a fence that none of them can close. */
  writeFenced(text: string): void {
    const fence = '`'.repeat(Math.max(SHORTEST_FENCE, longestRun(text, '`') + 1));
    this.breakLine(MOST_LINE_BREAKS);
    for (const line of [fence, ...text.split('\n'), fence]) {
      this.beginLine();
      this.pieces.push(line.trimEnd());
      this.breakLine(1);
    }
    this.breakLine(MOST_LINE_BREAKS);
  }

  /** Ends a part of the text; what follows begins a line. Marks that go on are closed and opened again. */
  endPart(): void {
    this.closeWritten(0);
    this.breakLine(1);
    this.partEnds.push(this.pieces.length);
  }

  /** @returns the parts that were ended, of whole lines each: the line break between two belongs to neither */
  finishParts(): string[] {
    return this.partEnds.map((end, index) => {
      const text = this.pieces.slice(this.partEnds[index - 1] ?? 0, end).join('');
      return text.startsWith('\n') ? text.slice(1) : text;
    });
  }

  /** Counts the marks that were not opened but will be closed. */
  private mute(name: string, change: number): number {
    const count = (this.muted.get(name) ?? 0) + change;
    this.muted.set(name, count);
    return count;
  }

  private beginText(): void {
    this.beginLine();
    if (this.gap !== '') this.pieces.push(this.gap);
    while (this.opened.length < this.marks.length) {
      this.opened.push(this.pieces.length);
      this.pieces.push('');
    }
  }

  /** Writes the line breaks that wait and the prefixes of the new line. */
  private beginLine(): void {
    const isStart = this.pieces.length === 0;
    if (!isStart && this.lineBreaks === 0) return;
    this.closeWritten(0);
    const prefixes = this.prefixes.slice(0, MOST_PREFIXES);
    if (!isStart) {
      const open = prefixes.filter(({ isUsed }) => isUsed);
      const blank = open
        .map(({ rest }) => rest)
        .join('')
        .trimEnd();
      this.pieces.push('\n', ...Array<string>(this.lineBreaks - 1).fill(`${blank}\n`));
    }
    for (const prefix of prefixes) {
      this.pieces.push(prefix.isUsed ? prefix.rest : prefix.first);
      prefix.isUsed = true;
    }
    this.lineBreaks = 0;
    this.gap = '';
  }

  /** Closes the written marks from `index` on; they are opened again if text follows while they are wanted. */
  private closeWritten(index: number): void {
    while (this.opened.length > index) {
      const at = this.opened.pop() ?? 0;
      const mark = this.marks[this.opened.length];
      if (!mark) continue;
      const [open, close] = mark.surround(() => this.pieces.slice(at + 1).join(''));
      this.pieces[at] = open;
      this.pieces.push(close);
    }
  }
}

/** @returns the length of the longest run of a character */
export function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const unit of text) {
    run = unit === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
