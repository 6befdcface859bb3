/**
 * The characters that Zulip's Markdown gives a meaning to within a line. A backslash does not take it away, an entity
 * does. `@` may stay, since a mention needs `*`: addresses stay readable.
 * https://zulip.com/help/format-your-message-using-markdown
 */
const LIVE = /[&<>[\]()*_`~#:|$\\]/g;
/** What begins a list, or a command such as `/me` and `/poll`, where a line begins with it. */
const LIVE_AT_LINE_START = /^(?:[-+/]|\d+[.)])/;
/** Those whom `@**…**` means all at once: https://zulip.com/help/mention-a-user-or-group#mention-everyone-on-a-channel */
const EVERYBODY = /^(?:all|everyone|channel|stream|topic)$/i;
const OPEN_MENTION = /@_?\*\*$/;

/** @returns text from outside, already on one line, as Markdown that shows it letter for letter. */
export function encodeInline(text: string): string {
  return text.replace(LIVE, toEntity);
}

/**
 * As `encodeInline`, for a place that may give a meaning to more.
 *
 * @param before what stands before it on its line
 */
export function encodeInlineAfter(before: string, text: string): string {
  const isLiveHere =
    (before.trim() === '' && LIVE_AT_LINE_START.test(text)) || (OPEN_MENTION.test(before) && EVERYBODY.test(text));
  return isLiveHere ? toEntity(text.charAt(0)) + encodeInline(text.slice(1)) : encodeInline(text);
}

function toEntity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
