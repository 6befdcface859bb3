import { type Marker, writeMarker } from './marker.js';
import type { Random } from './random.js';

/** A webhook as Groove sends it; repeated word for word until it is accepted. */
export interface Webhook {
  marker: string;
  event: string;
  body: string;
}

const EVENTS = ['note_added', 'customer_replied', 'agent_replied'] as const;
const WORDS = [
  'the',
  'printer',
  'is',
  'on',
  'fire',
  'again',
  '**please**',
  '@all',
  '`help`',
  'Grüße',
  '🔥',
  '\n',
  '\n\n',
];
const USUAL_WORDS = 30;
const MANY_WORDS = 600;
/** Long ones fill a joined message up to Zulip's limit. */
const LONG_SHARE = 0.02;

/** A message on a ticket. Its text is unlike all others', so a repetition counts once and nothing else is taken for one. */
export function makeWebhook(marker: Marker, random: Random): Webhook {
  const event = random.pick(EVENTS);
  const author = event === 'customer_replied' ? 'customers/customer' : 'agents/agent';
  const count = random.below(random.chance(LONG_SHARE) ? MANY_WORDS : USUAL_WORDS);
  const words = Array.from({ length: count }, () => random.pick(WORDS));
  const name = writeMarker(marker);
  const body = {
    created_at: '2026-01-05T08:00:00Z',
    note: event === 'note_added',
    plain_text_body: [name, ...words].join(' '),
    links: {
      author: { href: `https://api.groovehq.com/v1/${author}@example.com` },
      ticket: { href: `https://api.groovehq.com/v1/tickets/${marker.ticket}` },
    },
  };
  return { marker: name, event, body: JSON.stringify(body) };
}
