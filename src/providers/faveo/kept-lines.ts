import { attributionBefore, isBlank, isRule, type MailLine } from './mail-lines.js';

const BLANK_LINE: MailLine = { text: '', words: '' };

/** The lines of a message that are no history, as they are found one after the other. */
export class KeptLines {
  private readonly lines: MailLine[] = [];
  /** Lines were left out behind the last one. */
  private isCut = false;

  add(lines: readonly MailLine[]): void {
    for (const line of lines) {
      if (this.isCut && isBlank(line)) continue;
      if (this.isCut && this.lines.length > 0) this.lines.push(BLANK_LINE);
      this.isCut = false;
      this.lines.push(line);
    }
  }

  /** @returns whether the last lines say who wrote what follows */
  endInAttribution(): boolean {
    return attributionBefore(this.lines, this.filledLength()) > 0;
  }

  /** Leaves out what only leads to the history that follows: a rule, and the lines that say who wrote it. */
  dropLeadIn(): void {
    this.dropBlankEnd();
    this.lines.length -= attributionBefore(this.lines, this.lines.length);
    this.dropBlankEnd();
    const last = this.lines.at(-1);
    if (last && isRule(last)) this.lines.pop();
    this.dropBlankEnd();
    this.isCut = true;
  }

  toString(): string {
    return this.lines
      .map(({ text }) => text)
      .join('\n')
      .trim();
  }

  private dropBlankEnd(): void {
    this.lines.length = this.filledLength();
  }

  /** @returns how many lines there are without the blank ones at the end */
  private filledLength(): number {
    return this.lines.findLastIndex((line) => !isBlank(line)) + 1;
  }
}
