import { longestRun, type Mark, type MarkdownWriter } from './markdown-writer.js';
import { parseUrl } from '../ticket-event/parse-url.js';

/** What the tags of one document share. */
export interface HtmlState {
  writer: MarkdownWriter;
  /** The lists that are open: the number of the last item, undefined for bullets. */
  lists: (number | undefined)[];
  /** The text of the preformatted block that is open. */
  preformatted: string[] | undefined;
}

/** What a tag means in Markdown. */
export interface TagRule {
  /** Line breaks before and after: 1 begins a line, 2 a paragraph. */
  breaks?: number;
  open?(state: HtmlState, attributes: Readonly<Record<string, string>>): void;
  close?(state: HtmlState): void;
}

const LINE: TagRule = { breaks: 1 };
const QUOTE_PREFIX = '> ';
const LINKABLE = new Set(['http:', 'https:', 'mailto:']);

/** Tags that only begin a new line. */
const LINE_TAGS =
  'address article aside body caption center dd details div dl dt fieldset figcaption figure footer form header html ' +
  'main nav section summary table tbody tfoot thead tr';

/** Tags that are dropped with everything in them. */
export const SKIPPED_TAGS: ReadonlySet<string> = new Set(
  'audio canvas embed frameset head iframe math noembed noframes object script select style svg template textarea title video'.split(
    ' ',
  ),
);

/** Tags that are not listed are nothing but their text. */
export const TAG_RULES: ReadonlyMap<string, TagRule> = new Map<string, TagRule>([
  ...LINE_TAGS.split(' ').map((name): [string, TagRule] => [name, LINE]),
  ...[1, 2, 3, 4, 5, 6].map((level): [string, TagRule] => [`h${level}`, prefixed(`${'#'.repeat(level)} `, '')]),
  ['p', { breaks: 2 }],
  ['blockquote', prefixed(QUOTE_PREFIX, QUOTE_PREFIX)],
  [
    'br',
    {
      open: ({ writer }) => {
        writer.addLineBreak();
      },
    },
  ],
  [
    'hr',
    {
      breaks: 2,
      open: ({ writer }) => {
        writer.write('---');
      },
    },
  ],
  [
    'img',
    {
      open: ({ writer }, { alt }) => {
        writer.write(collapse(alt ?? ''));
      },
    },
  ],
  ['pre', { open: openPreformatted, close: closePreformatted }],
  ['ul', list(undefined)],
  ['ol', list(0)],
  [
    'li',
    {
      breaks: 1,
      open: openItem,
      close: ({ writer }) => {
        writer.closePrefix();
      },
    },
  ],
  ['td', { open: separateCell }],
  ['th', { open: separateCell }],
  ...marked('strong', ['b', 'strong'], () => surrounding('**')),
  ...marked('em', ['em', 'i'], () => surrounding('*')),
  ...marked('strike', ['del', 's', 'strike'], () => surrounding('~~')),
  ...marked('code', ['code', 'kbd', 'samp', 'tt'], () => surroundCode),
  ...marked('link', ['a'], ({ href }) => surroundLink(href)),
]);

/** @returns the text with every run of white space, no-break spaces among it, made one space */
export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function prefixed(first: string, rest: string): TagRule {
  return {
    breaks: 2,
    open: ({ writer }) => {
      writer.openPrefix(first, rest);
    },
    close: ({ writer }) => {
      writer.closePrefix();
    },
  };
}

function list(firstNumber: number | undefined): TagRule {
  const breakAround = ({ writer, lists }: HtmlState): void => {
    writer.breakLine(lists.length === 0 ? 2 : 1);
  };
  return {
    open: (state) => {
      breakAround(state);
      state.lists.push(firstNumber);
    },
    close: (state) => {
      state.lists.pop();
      breakAround(state);
    },
  };
}

function openItem({ writer, lists }: HtmlState): void {
  const last = lists.at(-1);
  const bullet = last === undefined ? '* ' : `${last + 1}. `;
  if (last !== undefined) lists[lists.length - 1] = last + 1;
  writer.openPrefix(bullet, ' '.repeat(bullet.length));
}

function openPreformatted(state: HtmlState): void {
  state.preformatted = [];
}

function closePreformatted(state: HtmlState): void {
  const text = state.preformatted?.join('').replaceAll('\r', '') ?? '';
  state.preformatted = undefined;
  if (text.trim() !== '') state.writer.writeFenced(text.replace(/^\n/, '').trimEnd());
}

/** Mails are laid out in tables, so a row is a line with its cells apart, not a table of Markdown's. */
function separateCell({ writer }: HtmlState): void {
  writer.separate(' | ');
}

type Surround = Mark['surround'];

function marked(
  name: string,
  tags: readonly string[],
  surroundOf: (attributes: Readonly<Record<string, string>>) => Surround,
): [string, TagRule][] {
  const rule: TagRule = {
    open: ({ writer }, attributes) => {
      writer.openMark({ name, surround: surroundOf(attributes) });
    },
    close: ({ writer }) => {
      writer.closeMark(name);
    },
  };
  return tags.map((tag) => [tag, rule]);
}

function surrounding(delimiter: string): Surround {
  return () => [delimiter, delimiter];
}

/** A run of backticks ends only at a run of the same length. */
function surroundCode(written: () => string): [string, string] {
  const run = longestRun(written(), '`');
  const delimiter = '`'.repeat(run + 1);
  return run === 0 ? [delimiter, delimiter] : [`${delimiter} `, ` ${delimiter}`];
}

function surroundLink(href: string | undefined): Surround {
  const url = parseUrl(href ?? '');
  if (!url || !LINKABLE.has(url.protocol)) return () => ['', ''];
  // Parentheses and brackets would end the link early.
  const target = url.href.replace(/[()[\]]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return (written) => {
    const text = written();
    const isItself = [text, `${text}/`, `mailto:${text}`].includes(url.href);
    return isItself ? ['', ''] : ['[', `](${target})`];
  };
}
