import { readMarker } from './marker.js';

/** An accepted event in the log, and its delivery. */
export interface LogEntry {
  marker: string;
  eventId: string;
  /** Null where the event has none. */
  state: string | null;
  messageId: number | null;
}

export interface Evidence {
  /** Markers of the webhooks that were answered with 2xx. */
  accepted: readonly string[];
  /** One for each delivery; one for an event without. */
  log: readonly LogEntry[];
  /** What the Zulip server has, in the order of ids, with the markers in the order in which they are read. */
  messages: readonly { id: number; markers: readonly string[] }[];
}

/** Markers by what is wrong with them; all lists are empty where every promise was kept. */
export interface Offences {
  /** Accepted, and in no message. */
  lost: string[];
  /** In two messages, or twice in one. */
  doubled: string[];
  /** Arrived after a later one of the same ticket. */
  out_of_order: string[];
  /** Accepted, but not one event with one delivery in the log. */
  not_logged_once: string[];
  dead: string[];
  /** Neither delivered nor dead in the log. */
  not_delivered: string[];
  /** Delivered, says the log, as a message that does not hold it. */
  wrong_message_id: string[];
}

/** Compares what was promised with what arrived, and with what the log says of it. Pure. */
export function judge({ accepted, log, messages }: Evidence): Offences {
  const arrivals = arrivalsOf(messages);
  const logged = new Map<string, LogEntry[]>();
  for (const entry of log) logged.set(entry.marker, [...(logged.get(entry.marker) ?? []), entry]);
  const inState = (isWrong: (entry: LogEntry) => boolean): string[] =>
    unique(log.filter(isWrong).map(({ marker }) => marker));
  return {
    lost: accepted.filter((marker) => !arrivals.has(marker)),
    doubled: [...arrivals].filter(([, ids]) => ids.length > 1).map(([marker]) => marker),
    out_of_order: outOfOrder([...arrivals.keys()]),
    not_logged_once: accepted.filter((marker) => !isLoggedOnce(logged.get(marker) ?? [])),
    dead: inState(({ state }) => state === 'dead'),
    not_delivered: inState(({ state }) => state !== 'delivered' && state !== 'dead'),
    wrong_message_id: inState(
      ({ state, marker, messageId }) =>
        state === 'delivered' && !(arrivals.get(marker) ?? []).includes(messageId ?? Number.NaN),
    ),
  };
}

/** @returns the messages that hold each marker; markers in the order in which they first arrived */
function arrivalsOf(messages: Evidence['messages']): Map<string, number[]> {
  const arrivals = new Map<string, number[]>();
  for (const { id, markers } of messages) {
    for (const marker of markers) arrivals.set(marker, [...(arrivals.get(marker) ?? []), id]);
  }
  return arrivals;
}

function outOfOrder(markers: readonly string[]): string[] {
  const newest = new Map<number, number>();
  return markers.filter((marker) => {
    const { ticket, serial } = readMarker(marker);
    const before = newest.get(ticket) ?? 0;
    newest.set(ticket, Math.max(before, serial));
    return serial < before;
  });
}

function isLoggedOnce(entries: readonly LogEntry[]): boolean {
  return entries.length === 1 && entries[0]?.state !== null;
}

function unique(markers: readonly string[]): string[] {
  return [...new Set(markers)];
}
