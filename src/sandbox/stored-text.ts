import { badRequest } from './sandbox-error.js';

/*
 * Zulip's limits, in code points (`max_message_length` and `max_topic_length` of https://zulip.com/api/register-queue).
 * Longer texts are cut silently; the mark counts into the limit.
 */
const LONGEST_CONTENT = 10_000;
const CONTENT_CUT = '\n[message truncated]';
const LONGEST_TOPIC = 60;
const TOPIC_CUT = '...';
/** `max_stream_name_length` of the same page. */
const LONGEST_CHANNEL_NAME = 60;

/** What Python's `str.strip` takes for white space; JavaScript's `trim` differs in a few characters. */
const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** Control characters, surrogates without a partner, and the 66 code points that are no characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

/**
 * @returns a message's content as Zulip stores it: white space at its end and line breaks at its start dropped, cut to 10,000
 * @throws SandboxError 400 for nothing but white space, and for NUL
 */
export function storedContent(content: string): string {
  const body = withoutLeading(trimEnd(content), /\n/);
  if (body === '') throw badRequest('Message must not be empty');
  if (body.includes('\0')) throw badRequest('Message must not contain null bytes');
  return cut(body, LONGEST_CONTENT, CONTENT_CUT);
}

/**
 * @returns a topic as Zulip stores it: trimmed, cut to 60
 * @throws SandboxError 400 for nothing but white space, and for control characters
 */
export function storedTopic(topic: string): string {
  const name = trim(topic);
  if (name === '') throw badRequest("Topic can't be empty!");
  refuseUnprintable(name, 'topic');
  return cut(name, LONGEST_TOPIC, TOPIC_CUT);
}

/**
 * @returns a channel's name as Zulip looks it up: trimmed
 * @throws SandboxError 400 for a name that no channel can have
 */
export function channelName(name: string): string {
  const trimmed = trim(name);
  if (trimmed === '') throw badRequest("Channel name can't be empty.");
  if (Array.from(trimmed).length > LONGEST_CHANNEL_NAME) {
    throw badRequest(`Channel name too long (limit: ${LONGEST_CHANNEL_NAME} characters).`);
  }
  refuseUnprintable(trimmed, 'channel name');
  return trimmed;
}

function refuseUnprintable(text: string, what: string): void {
  const found = UNPRINTABLE.exec(text);
  if (!found) return;
  const position = Array.from(text.slice(0, found.index)).length + 1;
  throw badRequest(`Invalid character in ${what}, at position ${position}!`);
}

function trim(text: string): string {
  return withoutLeading(trimEnd(text), WHITE_SPACE);
}

// By hand: a pattern that ends in `\s+$` takes quadratic time on a long run of spaces in the middle.
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && WHITE_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function withoutLeading(text: string, unwanted: RegExp): string {
  let start = 0;
  while (start < text.length && unwanted.test(text.charAt(start))) start += 1;
  return text.slice(start);
}

function cut(text: string, longest: number, mark: string): string {
  if (text.length <= longest) return text;
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - mark.length).join('')}${mark}`;
}
