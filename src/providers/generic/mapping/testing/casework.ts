import { ProviderError } from '../../../../ticket-event/errors.js';
import type { InboundRequest } from '../../../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../../../ticket-event/ticket-event.js';
import { assertTicketEventDraft } from '../../../testing/assert-ticket-event-draft.js';
import { normaliseByMapping } from '../normalise-by-mapping.js';

export type Mapping = Record<string, string>;

/** As little as a mapping can be. */
export const KEY: Mapping = { 'ticket.key': '{{ body.id }}' };

/** A system of somebody's own, with every field in use. */
export const FULL_MAPPING: Mapping = {
  type: '{% case body.event %}{% when "comment" %}message.note_added{% else %}ticket.{{ body.event }}{% endcase %}',
  native_type: '{{ headers["x-event"] }}',
  occurred_at: '{{ body.at | date: "%Y-%m-%dT%H:%M:%SZ" }}',
  deduplication_key: '{{ headers["idempotency-key"] }}',
  'ticket.key': '{{ body.case.id }}',
  'ticket.number': 'CASE-{{ body.case.id }}',
  'ticket.title': '{{ body.case.subject }}',
  'ticket.url': 'https://cases.example.com/{{ body.case.id }}',
  'ticket.status': '{{ body.case.state }}',
  'ticket.priority': '{{ body.case.severity }}',
  'ticket.group': '{{ body.case.team }}',
  'ticket.category': '{{ body.case.kind }}',
  'ticket.platform': 'Casework',
  'ticket.tags': '{{ body.case.labels }}',
  'ticket.assignee.name': '{{ body.case.owner.name }}',
  'ticket.assignee.email': '{{ body.case.owner.mail }}',
  'ticket.requester.id': '{{ body.case.client }}',
  'ticket.custom.Order': '{{ body.case.extra.order }}',
  'ticket.custom.Express': '{{ body.case.extra.express }}',
  'actor.name': '{{ body.by }}',
  'actor.kind': '{{ body.role }}',
  'message.id': '{{ body.comment.id }}',
  'message.text': '{{ body.comment.html }}',
  'message.is_internal': '{{ body.comment.private }}',
  'changes.status.from': '{{ body.before.state }}',
  'changes.status.to': '{{ body.case.state }}',
  'changes.owner.to': '{{ body.case.owner.name }}',
};

export const BODY = {
  event: 'comment',
  at: 1751328000,
  by: 'Ada',
  role: 'staff',
  before: { state: 'New' },
  case: {
    id: 4711,
    subject: '  The printer is on fire ',
    state: 'On hold',
    severity: '1 - Critical',
    team: 'Hardware',
    kind: null,
    labels: ['vip', 'printer'],
    owner: { name: 'Bo', mail: 'bo@example.com' },
    client: 12,
    extra: { order: { no: 7, items: ['ink'] }, express: true },
  },
  comment: { id: 'c-1', html: '<p>Bring <b>water</b></p>', private: 1 },
};

export function requestOf(body: unknown, headers: Record<string, string> = {}): InboundRequest {
  return { body, headers, query: {}, rawBody: Buffer.alloc(0) };
}

/** @returns the one draft, which keeps the contract */
export function draftOf(mapping: unknown, body: unknown, headers?: Record<string, string>): TicketEventDraft {
  const [draft, ...others] = normaliseByMapping(requestOf(body, headers), mapping);
  assertTicketEventDraft(draft);
  if (others.length > 0) throw new Error('There is more than one draft.');
  return draft;
}

/** @returns the named error that must be thrown */
export function errorOf(mapping: unknown, body: unknown): ProviderError {
  try {
    normaliseByMapping(requestOf(body), mapping);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
