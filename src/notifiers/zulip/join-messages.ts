import type { ComposedMessage } from '../notifier.js';
import { endOf } from './cut-text.js';
import { trimEndAsPython } from './stored-content.js';
import { LONGEST_CONTENT } from './zulip-limits.js';

/**
 * A rule: Zulip's renderer keeps Python-Markdown's HRProcessor, and has no headings that a line of dashes underlines
 * (https://github.com/zulip/zulip/blob/main/zerver/lib/markdown/__init__.py, build_block_parser).
 */
const SEPARATOR = '\n\n---\n\n';

/** Zulip knows them at a message's very start only: https://zulip.com/help/create-a-poll */
const COMMAND = /^\s*\/(?:me|poll|todo)\b/;

/*
 * After https://github.com/zulip/zulip/blob/main/zerver/lib/markdown/fenced_code.py: quotes, spoilers, code and formulas
 * are fenced, from column 0, and closed by a line that is the same fence.
 */
const OPENING = /^(`{3,}|~{3,})[ \t]*(?:\{?\.?[a-zA-Z0-9_+\-,./#]+[ \t]*(?:[^ ~`][^~`]*)?\}?)?$/;
/** What looks like a fence, to a reader of other Markdown too. */
const FENCE_LIKE = /^ {0,3}(?:`{3}|~{3})/;
const LINE_BREAK = /\r\n|\r|\n/;

/**
 * Joins messages into one, with a rule between them.
 *
 * @param messages in the form in which Zulip stores them; what is made of them is in that form again
 * @returns undefined where they do not fit or belong together, or where one would swallow what follows it or lose its
 *   meaning behind another
 */
export function joinMessages(messages: readonly ComposedMessage[]): ComposedMessage | undefined {
  const [first] = messages;
  if (!first || messages.length === 1) return first;
  const { channel, topic } = first;
  const content = messages.map((message) => message.content).join(SEPARATOR);
  // Counting ends with the limit, so that it is cheap to ask with one message more each time.
  if (endOf(content, LONGEST_CONTENT) < content.length) return undefined;
  if (!messages.every((message) => message.channel === channel && message.topic === topic)) return undefined;
  return messages.every((message) => standsBesideOthers(message.content)) ? { channel, topic, content } : undefined;
}

function standsBesideOthers(content: string): boolean {
  return !COMMAND.test(content) && closesItsFences(content);
}

/**
 * In doubt it does not: what is no fence to Zulip, but looks like one, and fences within fences, whose meaning depends on
 * the language that an organisation gives to code by default.
 */
function closesItsFences(content: string): boolean {
  let open: string | undefined;
  for (const line of content.split(LINE_BREAK)) {
    if (!FENCE_LIKE.test(line)) continue;
    // What only looks like an opening is one that nothing closes.
    if (open === undefined) open = OPENING.exec(line)?.[1] ?? '';
    else if (trimEndAsPython(line) === open) open = undefined;
    else return false;
  }
  return open === undefined;
}
