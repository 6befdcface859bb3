import type { Actor, TicketEventDraft, TicketEventType } from '../../../ticket-event/ticket-event.js';
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

/** Longest of the platforms' own: `zendesk.ticket.group_assignment_changed`. Others are cut before they reach the log. */
const LONGEST_NATIVE_TYPE = 100;

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
  return `${platform}.${name}`.slice(0, LONGEST_NATIVE_TYPE).replaceAll(':', '.');
}

/** @returns the type of the event that a message makes: whoever is not known as a customer is taken for an agent */
export function messageType(author: Actor['kind'], isInternal: boolean): TicketEventType {
  if (isInternal) return 'message.note_added';
  return author === 'customer' ? 'message.customer_replied' : 'message.agent_replied';
}
