import { LONGEST_EVENT_NAME } from '../../../ticket-event/errors.js';
import type { TicketEventDraft } from '../../../ticket-event/ticket-event.js';
import { contentIdentity } from '../../content-identity.js';
import { omitUndefined } from '../../omit-undefined.js';

/** What one event of a webhook says; the rest of a draft is the same for all of them. */
export type EventFacts = Omit<TicketEventDraft, 'occurredAt' | 'identity' | 'opens'>;

/** What is known of the webhook as a whole. */
interface Delivery {
  /** The platform's own, stable over its retries. */
  id?: string | undefined;
  occurredAt?: Date | undefined;
  /** What else tells two happenings apart, where there is no id. */
  marks?: readonly unknown[];
}

/** @param facts all about one ticket */
export function makeDrafts(facts: readonly EventFacts[], { id, occurredAt, marks = [] }: Delivery): TicketEventDraft[] {
  const identity: TicketEventDraft['identity'] =
    id === undefined
      ? contentIdentity([facts[0]?.ticket, facts.map(own), occurredAt, marks])
      : { kind: 'delivery_id', value: id };
  return facts.map((fact) => omitUndefined<TicketEventDraft>({ ...fact, occurredAt, identity }));
}

/** The ticket is the same in all of them, and may be large. */
function own({ ticket: _ticket, ...fact }: EventFacts): Omit<EventFacts, 'ticket'> {
  return fact;
}

/** @returns the platform's name for an event as the log has it: without colons, which file names and URLs do not bear */
export function nativeTypeOf(platform: string, name: string): string {
  // Cut first: to replace all colons of a megabyte takes longer than a webhook may take.
  return `${platform}.${name}`.slice(0, LONGEST_EVENT_NAME).replaceAll(':', '.');
}
