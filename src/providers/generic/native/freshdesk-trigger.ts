/** What a rule reacted to: a value, or a change from one to another. */
export interface Trigger {
  value?: string;
  from?: string;
  to?: string;
}

/** The longest that was seen has 60 characters. */
const LONGEST = 1_000;
const QUOTES = /["']/g;
/** `key:{…}` or `key:value`; a value ends at a comma or a brace, so it may hold colons. */
const PAIR = /([\w -]{1,50}):(?:\s*\{([^{}]*)\}|([^{},]*))/g;
/** Names may hold commas: only one before `to:` divides. */
const CHANGE = /^\s*from\s*:(.*?)(?:,\s*to\s*:(.*))?$/s;
const NOTHING: ReadonlySet<string> = new Set(['', 'null', 'nil', '--']);

/**
 * Reads `triggered_event` of Freshdesk's webhooks, which looks like JSON but is none: `{ticket_action:created}`,
 * `{status:{from:4,to:6},priority:{from:1,to:4}}`.
 *
 * @returns by the name of what was triggered; nothing where it cannot be read
 */
export function parseTriggeredEvent(text: string): ReadonlyMap<string, Trigger> {
  const triggers = new Map<string, Trigger>();
  for (const [, name = '', change, value] of text.slice(0, LONGEST).replace(QUOTES, '').matchAll(PAIR)) {
    triggers.set(name.trim().toLowerCase(), change === undefined ? trigger({ value }) : parseChange(change));
  }
  return triggers;
}

function parseChange(text: string): Trigger {
  const change = CHANGE.exec(text);
  return change ? trigger({ from: change[1], to: change[2] }) : trigger({ value: text });
}

function trigger(parts: Record<string, string | undefined>): Trigger {
  const filled = Object.entries(parts)
    .map(([name, part = '']): [string, string] => [name, part.trim()])
    .filter(([, part]) => !NOTHING.has(part));
  return Object.fromEntries(filled);
}
