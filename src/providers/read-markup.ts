import { htmlToMarkdown, looksLikeHtml } from './html-to-markdown.js';
import { type Payload, readText } from './read-payload.js';

/** @returns the text of a field that holds HTML or plain text and does not say which: Markdown where it was HTML */
export function readMarkup(payload: Payload, name: string): string | undefined {
  const text = readText(payload, name);
  return text === undefined ? undefined : toMarkdown(text);
}

/** @see readMarkup */
export function toMarkdown(text: string): string | undefined {
  return looksLikeHtml(text) ? htmlToMarkdown(text) || undefined : text;
}
