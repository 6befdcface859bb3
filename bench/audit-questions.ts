import { thingId } from './log-rows.js';

const DAY_MS = 86_400_000;

const below = (limit: number): number => Math.floor(Math.random() * limit);
const pick = (values: readonly string[]): string => values[below(values.length)] ?? '';

/** Questions that auditors ask of deliveries, by name: every filter by itself, then some together. Values are drawn anew. */
export const QUESTIONS: Readonly<Record<string, () => Record<string, string>>> = {
  'no filter': () => ({}),
  'state=dead': () => ({ state: 'dead' }),
  'state=pending (none)': () => ({ state: 'pending' }),
  'state=delivered': () => ({ state: 'delivered' }),
  source_id: () => ({ source_id: thingId('source', below(20)) }),
  'source_id (of nobody)': () => ({ source_id: thingId('nobody', 1) }),
  route_id: () => ({ route_id: thingId('route', below(30)) }),
  destination_id: () => ({ destination_id: thingId('destination', below(10)) }),
  'type (rare)': () => ({ type: 'ticket.deleted' }),
  ticket: () => ({ ticket: String(below(40_000)) }),
  reason: () => ({ reason: pick(['timeout', 'invalid', 'same_place']) }),
  'since, until': () => period(),
  'q (every tenth row)': () => ({ q: 'word0' }),
  'q (a word)': () => ({ q: `word${500 + below(2_000)}` }),
  'q (two words)': () => ({ q: `word${1_000 + below(500)} word${1_500 + below(500)}` }),
  'q (an address)': () => ({ q: `person${below(20_000)}@example.com` }),
  'q (an error)': () => ({ q: `receiver said ${below(500)}` }),
  'q (nowhere)': () => ({ q: 'nowhere' }),
  'source_id, type, state': () => ({ source_id: thingId('source', below(20)), type: 'ticket.deleted', state: 'dead' }),
  'destination_id, type': () => ({ destination_id: thingId('destination', below(10)), type: 'ticket.deleted' }),
  'q, source_id': () => ({ q: `word${100 + below(500)}`, source_id: thingId('source', below(20)) }),
  'q, reason': () => ({ q: `word${100 + below(500)}`, reason: 'timeout' }),
};

function period(): Record<string, string> {
  const since = Date.now() - (40 + below(200)) * DAY_MS;
  return { since: new Date(since).toISOString(), until: new Date(since + 10 * DAY_MS).toISOString() };
}
