import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { FakeGroove } from '../../../test/support/fake-groove.js';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import { type HelpdeskParts, makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { GrooveEnricher } from './groove.enricher.js';

const AT = '2026-07-01T12:00:00.000Z';

/** An agent's reply, as Groove's webhook tells it. */
const REPLY: TicketEventDocument = {
  id: '0197c3a0-0000-7000-8000-000000000001',
  type: 'message.agent_replied',
  native_type: 'agent_replied',
  source: { id: '0197c3a0-0000-7000-8000-000000000002', provider: 'groove', name: 'Groove' },
  occurred_at: AT,
  received_at: AT,
  deduplication_key: 'key',
  ticket: { key: '440', number: '440', tags: [], custom: {} },
  actor: { email: 'agent@example.com', kind: 'agent' },
  message: { id: '1', text: 'Hello', is_internal: false },
  changes: [],
};

describe('the enrichment of Groove’s events', () => {
  let parts: HelpdeskParts;
  let groove: FakeGroove;
  let enricher: GrooveEnricher;
  let source: SourceAccess;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    parts = makeHelpdeskParts(new FakeClock());
    groove = await FakeGroove.start();
    groove.agents.set('agent@example.com', { email: 'agent@example.com', first_name: 'Ada', last_name: 'Agent' });
    groove.agents.set('1234567890', { email: 'lee@example.com', first_name: null, last_name: null });
    groove.customers.set('rambo@example.com', { email: 'john@example.com', name: 'John Rambo' });
    groove.tickets.set('440', { number: 440, title: 'Where is my order?', state: 'opened' });
    enricher = new GrooveEnricher(parts.desk);
    source = access({ api_url: `${groove.url}/` });
  });
  afterEach(async () => {
    await groove.stop();
    await parts.http.onApplicationShutdown();
  });

  const access = (settings: object, token = 'groove-api-token'): SourceAccess => ({
    id: REPLY.source.id,
    name: 'Groove',
    settings: { ...settings },
    secrets: { api_token: token },
  });

  it('adds who wrote, and what the ticket is called', async () => {
    const given = structuredClone(REPLY);
    expect(await enricher.enrich(given, source)).toEqual({
      ...REPLY,
      actor: { name: 'Ada Agent', email: 'agent@example.com', kind: 'agent' },
      ticket: { key: '440', number: '440', title: 'Where is my order?', tags: [], custom: {} },
    });
    expect(given).toEqual(REPLY);
    expect([...groove.asked].sort()).toEqual(['GET /v1/agents/agent@example.com', 'GET /v1/tickets/440']);
  });

  it('adds the names of agents and customers of a ticket, and asks nothing else of it', async () => {
    const ticket = {
      ...{ key: '9', number: '9', tags: [], custom: {} },
      assignee: { id: '1234567890' },
      requester: { id: '7', email: 'rambo@example.com' },
    };
    const event: TicketEventDocument = { ...REPLY, type: 'ticket.assigned', ticket, actor: { kind: 'unknown' } };
    expect((await enricher.enrich(event, source)).ticket).toEqual({
      ...ticket,
      assignee: { id: '1234567890', email: 'lee@example.com' },
      requester: { id: '7', name: 'John Rambo', email: 'rambo@example.com' },
    });
    expect([...groove.asked].sort()).toEqual(['GET /v1/agents/1234567890', 'GET /v1/customers/rambo@example.com']);
  });

  it('replaces nothing that the webhook says, nor asks for it', async () => {
    const event: TicketEventDocument = {
      ...REPLY,
      actor: { name: 'Somebody', email: 'agent@example.com', kind: 'agent' },
      ticket: { key: '440', number: '440', title: 'As it was', tags: [], custom: {} },
    };
    expect(await enricher.enrich(event, source)).toBe(event);
    expect(groove.heard).toEqual([]);
  });

  it('asks with what can stand in an address only', async () => {
    const hostile = { ...REPLY, actor: { email: 'a/../x?y#z@example.com', kind: 'customer' as const } };
    await enricher.enrich(hostile, source);
    await enricher.enrich({ ...REPLY, actor: { id: '..', kind: 'agent' } }, source);
    await enricher.enrich({ ...REPLY, actor: { kind: 'agent' } }, source);
    expect([...groove.asked].sort()).toEqual([
      'GET /v1/customers/a%2F..%2Fx%3Fy%23z@example.com',
      'GET /v1/tickets/440',
    ]);
  });

  it('cuts and cleans what the API says', async () => {
    groove.agents.set('agent@example.com', { name: `\0${'x'.repeat(1_000)}` });
    groove.tickets.set('440', { title: 'y'.repeat(5_000) });
    const { actor, ticket } = await enricher.enrich(REPLY, source);
    expect(actor?.name).toBe(`${'x'.repeat(499)}…`);
    expect(ticket?.title).toHaveLength(2_000);
  });

  it.each([
    [
      'knows neither',
      () => {
        groove.misbehave(() => ({ status: 404 }));
      },
    ],
    [
      'fails',
      () => {
        groove.misbehave(() => ({ status: 500 }));
      },
    ],
    [
      'breaks off',
      () => {
        groove.misbehave(() => 'reset');
      },
    ],
    [
      'answers nonsense',
      () => {
        groove.misbehave(() => ({ status: 200, body: { agent: [7], ticket: null } }));
      },
    ],
    ['refuses the token', () => (source = access({ api_url: groove.url }, 'another'))],
    ['is not where the settings say', () => (source = access({ api_url: 'nowhere' }))],
  ])('leaves an event as it is when the API %s', async (_what, arrange) => {
    arrange();
    expect(await enricher.enrich(REPLY, source)).toEqual(REPLY);
  });
});
