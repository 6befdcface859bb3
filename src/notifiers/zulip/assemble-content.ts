import { countCodePoints, cutText, endOf } from './cut-text.js';
import { encodeInlineAfter } from './encode-inline.js';
import type { Piece } from './outside-text.js';
import { quoteText } from './quote-text.js';

const CUT_LINE = '\n…';
const UNFINISHED_ENTITY = /&#?\d*$/;

/**
 * Puts a message together in the form in which Zulip stores it: right-trimmed, without leading line breaks
 * (https://github.com/zulip/zulip/blob/main/zerver/lib/message.py, normalize_body). Where there is too much, quotations
 * are cut, all to the same length; only if that is not enough, the rest.
 *
 * @param longest in code points
 */
export function assembleContent(pieces: readonly Piece[], longest: number): string {
  // A quotation of more than that does not fit in any case.
  const whole = assemble(pieces, longest);
  if (fits(whole, longest)) return whole;
  const withoutQuotations = assemble(pieces, 0);
  if (!fits(withoutQuotations, longest)) return cutAtLineEnd(withoutQuotations, longest);
  // The more of each quotation, the longer the message: the most that fits is found by halving.
  let most = 0;
  let tooMuch = longest;
  while (tooMuch - most > 1) {
    const middle = Math.floor((most + tooMuch) / 2);
    if (fits(assemble(pieces, middle), longest)) most = middle;
    else tooMuch = middle;
  }
  return assemble(pieces, most);
}

/** @param longestQuotation in code points of its text, before the lines are prefixed */
function assemble(pieces: readonly Piece[], longestQuotation: number): string {
  let content = '';
  let afterQuotation = false;
  for (const piece of pieces) {
    const text = piece.kind === 'quote' ? quoteText(cutText(piece.text, longestQuotation)) : piece.text;
    const rest = afterQuotation && piece.kind === 'own' ? withoutLeadingLines(text) : text;
    if (rest === '') continue;
    // Without an empty line, Markdown takes what follows for the quotation's last paragraph.
    if (afterQuotation) content += '\n\n';
    else if (piece.kind === 'quote') content = endLine(content);
    content += piece.kind === 'inline' ? encodeInlineAfter(lastLine(content), rest) : rest;
    afterQuotation = piece.kind === 'quote';
  }
  return content.trimEnd().replace(/^\n+/, '');
}

/** Text after a quotation keeps its own indentation, but not the line breaks before it, nor the space behind the output. */
function withoutLeadingLines(text: string): string {
  const trimmed = text.trimStart();
  if (trimmed === '') return '';
  const leading = text.slice(0, text.length - trimmed.length);
  const lineBreak = leading.lastIndexOf('\n');
  return lineBreak === -1 ? trimmed : text.slice(lineBreak + 1);
}

function endLine(content: string): string {
  const line = lastLine(content);
  if (line === '') return content;
  return line.trim() === '' ? content.slice(0, content.length - line.length) : `${content.trimEnd()}\n`;
}

function lastLine(content: string): string {
  return content.slice(content.lastIndexOf('\n') + 1);
}

function fits(content: string, longest: number): boolean {
  return content.length <= longest || countCodePoints(content) <= longest;
}

function cutAtLineEnd(content: string, longest: number): string {
  const start = content.slice(0, endOf(content, longest - CUT_LINE.length));
  const lineBreak = start.lastIndexOf('\n');
  if (lineBreak > 0) return `${start.slice(0, lineBreak).trimEnd()}${CUT_LINE}`;
  return `${start.replace(UNFINISHED_ENTITY, '').trimEnd()}…`;
}
