import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Ticket, TicketEventType } from '../../ticket-event/ticket-event.js';

/** What a test says of an event; the rest is ordinary. A ticket is there only if the test names one. */
export type EventTraits = Partial<Omit<TicketEventDocument, 'type' | 'ticket'>> & { ticket?: Partial<Ticket> };

const AT = '2026-07-01T12:00:00.000Z';

/** @returns an event as the notifiers get it. */
export function buildEvent(type: TicketEventType, { ticket, ...traits }: EventTraits = {}): TicketEventDocument {
  return {
    id: '0197c3a0-0000-7000-8000-000000000001',
    type,
    native_type: type.replace('.', '_'),
    source: { id: '0197c3a0-0000-7000-8000-000000000002', provider: 'groove', name: 'Groove' },
    occurred_at: AT,
    received_at: AT,
    deduplication_key: 'key',
    changes: [],
    ...traits,
    ...(ticket && { ticket: { key: '9', tags: [], custom: {}, ...ticket } }),
  };
}
