import { join } from 'node:path';
import type { InboundRequest } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { describeProvider } from '../testing/describe-provider.js';
import { TicketServiceAdapter } from './ticket-service.adapter.js';
import { TicketServiceSubscriptions } from './ticket-service.subscriptions.js';

const { client } = makeHelpdeskParts();
const makeAdapter = (): TicketServiceAdapter => new TicketServiceAdapter(new TicketServiceSubscriptions(client));

describeProvider(() => makeAdapter(), {
  fixturesDir: join(__dirname, 'fixtures'),
  renameEvent: (request, nativeType): InboundRequest => ({
    ...request,
    body: nativeType === undefined ? { data: {} } : { event: nativeType, data: {} },
  }),
});

const identityOf = (body: unknown, headers: Record<string, string> = {}): TicketEventDraft['identity'] | undefined => {
  const rawBody = Buffer.from(JSON.stringify(body));
  return makeAdapter().normalise({ headers, query: {}, body, rawBody })[0]?.identity;
};

describe('the identity of an event of a ticket service', () => {
  const closed = { event: 'ticket_closed', created: '2023-01-01T00:00:00Z', data: { id: '1', by: { a: 1, b: 2 } } };

  it('is the same for a second delivery', () => {
    const second = { data: { by: { b: 2, a: 1 }, id: '1' }, created: '2023-01-01T00:00:00Z', event: 'ticket_closed' };
    expect(identityOf(second)).toEqual(identityOf(closed));
    expect(identityOf({ ...closed, attempt: 2 })).toEqual(identityOf(closed));
  });

  it.each([
    ['event', { ...closed, event: 'ticket_opened' }],
    ['time', { ...closed, created: '2023-01-01T00:00:01Z' }],
    ['ticket', { ...closed, data: { ...closed.data, id: '2' } }],
    ['data that are not shown', { ...closed, data: { ...closed.data, reference: 'x' } }],
    ['data', { ...closed, data: {} }],
  ])('is another for another %s', (_what, other) => {
    expect(identityOf(other)).not.toEqual(identityOf(closed));
  });

  it('is the delivery id where there is one', () => {
    expect(identityOf(closed, { 'webhook-id': 'msg_1' })).toEqual({ kind: 'delivery_id', value: 'msg_1' });
    expect(identityOf(closed, { 'webhook-id': ' ' })).toEqual(identityOf(closed));
  });

  it('is never that of another ping', () => {
    expect(identityOf({ event: 'ping' }, { 'webhook-id': 'msg_1' })).toEqual({ kind: 'none' });
  });
});

describe('a megabyte', () => {
  const keys = Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${(index * 7_919) % 90_000}`, 1]));

  it.each([
    ['many keys', { ...keys, ticket_message: 'x' }],
    ['a long message', { ticket_message: 'x'.repeat(1_048_576) }],
    ['a long id', { id: 'x'.repeat(1_048_576) }],
  ])('of %s is itself again, and another at another time', (_what, data) => {
    const body = { event: 'ticket_opened', created: '2023-01-01T00:00:00Z', data };
    expect(identityOf(structuredClone(body))).toEqual(identityOf(body));
    expect(identityOf({ ...body, created: '2023-01-01T00:00:01Z' })).not.toEqual(identityOf(body));
  });
});
