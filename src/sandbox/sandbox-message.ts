import type { SandboxChannel } from './sandbox-channels.js';
import type { WildcardMention } from './wildcard-mention.js';

/** Who may speak to the sandbox. */
export interface SandboxBot {
  id: number;
  email: string;
}

/** A message as the sandbox keeps it. */
export interface SandboxMessage {
  id: number;
  sender: SandboxBot;
  channel: SandboxChannel;
  topic: string;
  /** The Markdown, as stored: trimmed and cut. */
  content: string;
  /** Whom it pinged all at once, if anybody. */
  wildcardMention: WildcardMention | undefined;
  sentAt: Date;
  editedAt: Date | undefined;
}

/** What Zulip calls the sandbox's bot. */
export const BOT_NAME = 'Sandbox bot';

const HTML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * @param asMarkdown the content as it was sent; otherwise as HTML. The sandbox has no renderer: its HTML is the Markdown,
 * escaped, in one paragraph.
 * @returns the message in the fields of https://zulip.com/api/get-messages that a bot has use for
 */
export function describeMessage(message: SandboxMessage, asMarkdown: boolean): Record<string, unknown> {
  const { id, sender, channel, topic, content, sentAt, editedAt } = message;
  return {
    id,
    type: 'stream',
    sender_id: sender.id,
    sender_email: sender.email,
    sender_full_name: BOT_NAME,
    is_me_message: content.startsWith('/me '),
    display_recipient: channel.name,
    recipient_id: channel.id,
    stream_id: channel.id,
    subject: topic,
    content: asMarkdown ? content : toHtml(content),
    content_type: asMarkdown ? 'text/x-markdown' : 'text/html',
    timestamp: toSeconds(sentAt),
    ...(editedAt && { last_edit_timestamp: toSeconds(editedAt) }),
    flags: flagsOf(message),
    reactions: [],
    submessages: [],
    topic_links: [],
  };
}

function flagsOf({ wildcardMention }: SandboxMessage): string[] {
  // The first two names are the ones of today, the third the one of older clients.
  return wildcardMention
    ? ['read', `${wildcardMention === 'topic' ? 'topic' : 'stream'}_wildcard_mentioned`, 'wildcard_mentioned']
    : ['read'];
}

function toHtml(content: string): string {
  const escaped = content.replace(/[&<>"]/g, (character) => HTML_ENTITIES[character] ?? character);
  return `<p>${escaped.replaceAll('\n', '<br>\n')}</p>`;
}

function toSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}
