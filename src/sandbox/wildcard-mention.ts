/** Whom a message would notify at once: everybody in its channel, or everybody in its topic. */
export type WildcardMention = 'channel' | 'topic';

/** https://zulip.com/help/mention-a-user-or-group#mention-everyone-on-a-channel, and its older spellings. */
const WILDCARD = /(?<![\p{L}\p{N}_])@\*\*(all|everyone|stream|channel|topic)\*\*/gu;

/** Where a fence may open: at the start of a line, with at most a language and a heading behind it. */
const FENCE = /^(`{3,}|~{3,})[ ]*(?:\{?\.?([\w+./#-]+)\}?[ ]*[^~`]*)?$/;
const QUOTED_LINE = /^ {0,3}>/;

/** Blocks in which Zulip goes on looking for blocks; everything else that is fenced is code. */
const CONTAINERS: readonly string[] = ['quote', 'spoiler'];

interface OpenBlock {
  fence: string;
  language: string;
}

/**
 * Finds mentions that ping a whole channel or topic: those outside quotes, fenced blocks and inline code. In doubt a
 * mention counts as live (a line below a quote without an empty line between; indented code), so that whoever asserts
 * that none is live errs on the safe side.
 *
 * @returns the widest mention; undefined where there is none
 */
export function liveWildcardMention(content: string): WildcardMention | undefined {
  let found: WildcardMention | undefined;
  for (const paragraph of liveParagraphs(content)) {
    for (const [, name] of withoutInlineCode(paragraph).matchAll(WILDCARD)) {
      if (name !== 'topic') return 'channel';
      found = 'topic';
    }
  }
  return found;
}

/** The text that is neither quoted nor fenced, by paragraphs: inline code ends with its paragraph at the latest. */
function liveParagraphs(content: string): string[] {
  const blocks: OpenBlock[] = [];
  const paragraphs: string[] = [];
  let lines: string[] = [];
  const endParagraph = (): void => {
    if (lines.length > 0) paragraphs.push(lines.join('\n'));
    lines = [];
  };
  for (const line of content.split(/\r\n|\r|\n/)) {
    const isFence = enterOrLeave(blocks, line);
    const isLive = !isFence && !QUOTED_LINE.test(line) && blocks.every(({ language }) => language === 'spoiler');
    if (isLive && line.trim() !== '') lines.push(line);
    else endParagraph();
  }
  endParagraph();
  return paragraphs;
}

/** @returns whether the line opened or closed a block */
function enterOrLeave(blocks: OpenBlock[], line: string): boolean {
  const innermost = blocks.at(-1);
  if (innermost && line.trimEnd() === innermost.fence) {
    blocks.pop();
    return true;
  }
  if (innermost && !CONTAINERS.includes(innermost.language)) return false;
  const [opened, fence, language = ''] = FENCE.exec(line.trimEnd()) ?? [];
  if (opened === undefined || fence === undefined) return false;
  blocks.push({ fence, language: language.toLowerCase() });
  return true;
}

/** A run of backticks opens code if the same run comes again; between them nothing is live. */
function withoutInlineCode(paragraph: string): string {
  const parts = paragraph.split(/(`+)/);
  // Odd places hold the runs, even ones the text between. The last place of each run, so that looking is not quadratic.
  const last = new Map<string, number>();
  for (let index = 1; index < parts.length; index += 2) last.set(parts[index] ?? '', index);
  const live: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    if (index % 2 === 1 && (last.get(part) ?? 0) > index) {
      index = parts.indexOf(part, index + 1);
      live.push('`');
    } else {
      live.push(part);
    }
  }
  return live.join('');
}
