import { htmlToMarkdown, htmlToParts, LONGEST_HTML, looksLikeHtml } from '../html-to-markdown.js';
import { KeptLines } from './kept-lines.js';
import { attributionFrom, isForward, type MailLine, opensHistory, wordsOf } from './mail-lines.js';

/** What mail programs wrap the message that is answered in, and nothing else. */
const QUOTE_CLASSES: ReadonlySet<string> = new Set(['gmail_attr', 'moz-cite-prefix', 'yahoo_quoted']);
/** Of a `<blockquote>` only: other elements of these classes also hold what was written between two quotes. */
const BLOCKQUOTE_CLASSES: ReadonlySet<string> = new Set(['gmail_quote', 'protonmail_quote', 'tutanota_quote']);
/** Outlook's, whatever its language. In a quote of a quote they begin with `x_`. */
const REST_IDS = /^(?:x_){0,20}(?:divRplyFwdMsg|mail-editor-reference-message-container)$/;

/** `quote`: the element is history. `rest`: so is everything that follows. */
type HistoryLabel = 'quote' | 'rest';

interface Line extends MailLine {
  label: HistoryLabel | undefined;
}

/**
 * Reads what somebody wrote without the messages that it answers, since those are in the ticket's topic already. If
 * nothing would be left, everything stays; so does a forwarded message, which is what its sender wants to show.
 *
 * Linear in the text, which is cut at {@link LONGEST_HTML} characters.
 *
 * @param text HTML or plain
 * @returns Markdown, or the plain text
 */
export function readWithoutHistory(text: string): string {
  return foldHistory(readLines(text)) || readWhole(text);
}

/** @returns all that somebody wrote, as Markdown or as the plain text; cut at {@link LONGEST_HTML} characters */
export function readWhole(text: string): string {
  if (looksLikeHtml(text)) return htmlToMarkdown(text);
  return text.length > LONGEST_HTML ? `${text.slice(0, LONGEST_HTML)}…` : text;
}

function readLines(text: string): Line[] {
  const parts = looksLikeHtml(text) ? htmlToParts(text, historyLabel) : [{ text: readWhole(text), label: undefined }];
  return parts.flatMap(({ text, label }) =>
    text.split(/\r?\n/).map((line) => ({ text: line, words: wordsOf(line), label })),
  );
}

function historyLabel(name: string, attributes: Readonly<Record<string, string>>): HistoryLabel | undefined {
  if (REST_IDS.test(attributes['id'] ?? '')) return 'rest';
  const isBlockquote = name === 'blockquote';
  if (isBlockquote && attributes['type']?.toLowerCase() === 'cite') return 'quote';
  const classes = (attributes['class'] ?? '').split(/\s+/);
  const isQuote = classes.some((name) => QUOTE_CLASSES.has(name) || (isBlockquote && BLOCKQUOTE_CLASSES.has(name)));
  return isQuote ? 'quote' : undefined;
}

function foldHistory(lines: readonly Line[]): string {
  const kept = new KeptLines();
  let isHistorySeen = false;
  let index = 0;
  while (index < lines.length) {
    const label = lines[index]?.label;
    const end = endOfBlock(lines, index);
    const opening = firstWritten(lines, index, end);
    if (isForward(lines[opening])) {
      kept.add(lines.slice(index));
      break;
    }
    const isQuoted = isQuote(lines[index]);
    if (!isQuoted && (label === 'rest' || opensHistory(lines, index))) {
      kept.dropLeadIn();
      break;
    }
    // What is quoted further down, between two answers, belongs to the same history.
    isHistorySeen ||= isQuoted && (label === 'quote' || opensQuote(lines, opening) || kept.endInAttribution());
    if (isQuoted && isHistorySeen) kept.dropLeadIn();
    else kept.add(lines.slice(index, end));
    index = end;
  }
  return kept.toString();
}

function isQuote(line: Line | undefined): boolean {
  return line?.label === 'quote' || (line?.label === undefined && line?.text.startsWith('>') === true);
}

/** @returns the index behind the lines that are quoted together with the one at `begin`, or behind that one line */
function endOfBlock(lines: readonly Line[], begin: number): number {
  let end = begin + 1;
  if (!isQuote(lines[begin])) return end;
  while (isQuote(lines[end]) && lines[end]?.label === lines[begin]?.label) end += 1;
  return end;
}

/** @returns the index of the first line of a block that says something */
function firstWritten(lines: readonly Line[], begin: number, end: number): number {
  let index = begin;
  while (index < end - 1 && lines[index]?.words === '') index += 1;
  return index;
}

function opensQuote(lines: readonly Line[], opening: number): boolean {
  return opensHistory(lines, opening) || attributionFrom(lines, opening) > 0;
}
