import { type Handler, Parser } from 'htmlparser2';
import { collapse, type HtmlState, SKIPPED_TAGS, TAG_RULES } from './html-tags.js';
import { MarkdownWriter } from './markdown-writer.js';

/** As much as the log keeps of a text, so that no hostile mail costs more than a long one. */
export const LONGEST_HTML = 65_536;
/** Real mails nest their tables two or three dozen deep. Below this, tags are dropped and their text stays. */
const DEEPEST_HTML = 100;

/** A known tag or a character reference; `<john@example.com>` and `a < b` are neither. */
const HTML =
  /<\/?(?:a|b|blockquote|body|br|center|code|del|div|em|font|h[1-6]|head|hr|html|i|img|li|ol|p|pre|s|script|span|strike|strong|style|table|tbody|td|th|tr|tt|u|ul)(?:\s[^<>]*)?\/?>|&(?:amp|lt|gt|quot|nbsp|#\d{1,7}|#x[\da-f]{1,6});/i;

/**
 * Makes Markdown of HTML that somebody wrote or mailed: paragraphs, line breaks, headings, lists, quotes, code,
 * emphasis, and links to http, https and mailto. Scripts and styles are dropped with their content, images become their
 * alternative text, everything else becomes its text. Characters that mean something in Markdown are left as they are:
 * Zulip knows no backslash escapes, and what is safe to show is the renderer's business.
 *
 * Linear in the input, which is cut at {@link LONGEST_HTML} characters and nested at most {@link DEEPEST_HTML} deep.
 */
export function htmlToMarkdown(html: string): string {
  const parts = htmlToParts(html, () => undefined);
  return parts.map(({ text }) => text).join('\n');
}

/** Whole lines of Markdown: what an element holds that was set apart, or what stands between such elements. */
export interface MarkdownPart<Label extends string> {
  text: string;
  /** What the element was set apart as. */
  label: Label | undefined;
}

/** Judges an element by its tag; within one that is set apart nobody is asked. */
type SetApart<Label extends string> = (name: string, attributes: Readonly<Record<string, string>>) => Label | undefined;

/**
 * Makes Markdown of HTML as {@link htmlToMarkdown} does, in parts, for those who treat some elements in their own way.
 *
 * @returns in the order of the document, none of them empty; joined by line breaks they are the whole
 */
export function htmlToParts<Label extends string>(html: string, setApart: SetApart<Label>): MarkdownPart<Label>[] {
  const conversion = new Conversion(setApart);
  new ShallowParser(conversion).end(cutHtml(html));
  const parts = conversion.finish();
  if (html.length <= LONGEST_HTML) return parts;
  const last = parts.pop() ?? { text: '', label: undefined };
  return [...parts, { ...last, text: `${last.text}…` }];
}

/** Cuts a document that is too long, in front of a tag rather than within it. */
function cutHtml(html: string): string {
  if (html.length <= LONGEST_HTML) return html;
  const cut = html.slice(0, LONGEST_HTML);
  const tag = cut.lastIndexOf('<');
  return tag > cut.lastIndexOf('>') ? cut.slice(0, tag) : cut;
}

/** @returns whether a text that may be HTML or plain has to be read as HTML */
export function looksLikeHtml(text: string): boolean {
  return HTML.test(text.slice(0, LONGEST_HTML));
}

/** One document on its way to Markdown. */
class Conversion<Label extends string> implements Partial<Handler> {
  readonly state: HtmlState = { writer: new MarkdownWriter(), lists: [], preformatted: undefined };
  depth = 0;
  private skipped = 0;
  private preformattedDepth = 0;
  /** The outermost element that is set apart, while it is open. */
  private apart: { label: Label; depth: number } | undefined;
  private readonly labels: (Label | undefined)[] = [];

  constructor(private readonly setApart: SetApart<Label>) {}

  finish(): MarkdownPart<Label>[] {
    this.endPart(undefined);
    return this.state.writer
      .finishParts()
      .map((text, index) => ({ text, label: this.labels[index] }))
      .filter(({ text }) => text !== '');
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    this.depth += 1;
    if (SKIPPED_TAGS.has(name)) this.skipped += 1;
    if (this.skipped > 0) return;
    const { preformatted, writer } = this.state;
    if (preformatted) {
      if (name === 'br') preformatted.push('\n');
      return;
    }
    this.openApart(name, attributes);
    const rule = TAG_RULES.get(name);
    if (rule?.breaks) writer.breakLine(rule.breaks);
    rule?.open?.(this.state, attributes);
    if (this.state.preformatted) this.preformattedDepth = this.depth;
  }

  onclosetag(name: string): void {
    const isInPreformatted = this.state.preformatted !== undefined && this.depth > this.preformattedDepth;
    const { depth } = this;
    this.depth -= 1;
    if (SKIPPED_TAGS.has(name)) this.skipped -= 1;
    if (this.skipped > 0 || isInPreformatted) return;
    const rule = TAG_RULES.get(name);
    rule?.close?.(this.state);
    if (rule?.breaks) this.state.writer.breakLine(rule.breaks);
    if (this.apart?.depth === depth) this.closeApart(this.apart.label);
  }

  ontext(text: string): void {
    if (this.skipped > 0) return;
    const { preformatted, writer } = this.state;
    if (preformatted) preformatted.push(text);
    else writer.write(collapse(text));
  }

  private openApart(name: string, attributes: Record<string, string>): void {
    if (this.apart) return;
    const label = this.setApart(name, attributes);
    if (label === undefined) return;
    this.endPart(undefined);
    this.apart = { label, depth: this.depth };
  }

  private closeApart(label: Label): void {
    this.endPart(label);
    this.apart = undefined;
  }

  private endPart(label: Label | undefined): void {
    this.state.writer.endPart();
    this.labels.push(label);
  }
}

/**
 * Treats tags below the depth limit as void: the parser searches its stack for each closing tag, so that a deep stack
 * would make it quadratic.
 */
class ShallowParser extends Parser {
  private isTooDeep = false;

  constructor(private readonly conversion: Conversion<string>) {
    super(conversion);
  }

  override isVoidElement(name: string): boolean {
    return this.isTooDeep || super.isVoidElement(name);
  }

  override onopentagname(start: number, endIndex: number): void {
    this.isTooDeep = this.conversion.depth >= DEEPEST_HTML;
    super.onopentagname(start, endIndex);
  }

  override onclosetag(start: number, endIndex: number): void {
    this.isTooDeep = false;
    super.onclosetag(start, endIndex);
  }
}
