import { Client } from 'pg';
import { DestinationDirectory } from '../../../src/destinations/destination-directory.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

interface PreviewedRoute {
  name: string;
  matched: boolean;
  topic: string | null;
}

interface Preview {
  events: { event: Record<string, unknown>; routes: PreviewedRoute[] }[];
  unsupported?: string;
}

const NOT_SENT = { channel: null, topic: null, content: null };
const STARTED = { 'X-Groove-Event': 'ticket_started' };
const TICKET = {
  number: 9,
  title: 'Test Subject',
  state: 'opened',
  customer_name: 'Test Name',
  created_at: '2017-12-14 15:54:26 UTC',
  tags: ['vip'],
};

describe('POST /routes/preview', () => {
  let gateway: TestGateway;
  let destinationId: string;
  let sourceId: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const [destination] = (await gateway.api('GET', '/destinations')).body.data;
    destinationId = String(destination?.['id']);
    const sources = (await gateway.api('GET', '/sources')).body.data;
    sourceId = String(sources.find(({ provider }) => provider === 'groove')?.['id']);
    await route('VIP', {
      matchers: [
        { field: 'ticket.tags', op: 'eq', value: 'vip' },
        { field: 'ticket.custom.Plan', op: 'exists', value: false },
      ],
      settings: { channel: 'VIP', topic: 'No. {{ ticket.number }}', message: '**{{ ticket.title }}**' },
    });
    await route('Same place', { settings: { channel: 'vip', topic: 'NO. {{ ticket.number }}' } });
    await route('Last word', {
      matchers: [{ field: 'ticket.title', op: 'matches', value: '(?i)stop' }],
      settings: { stop: true },
    });
    await route('Endless', {
      matchers: [{ field: 'ticket.title', op: 'matches', value: 'Endless' }],
      settings: {
        message: 'Oh{% if ticket.title == "Endless" %}\n{% for i in (1..9999999) %}x{% endfor %}{% endif %}',
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const route = async (name: string, fields: object): Promise<void> => {
    const body = { name, matchers: [], destination_id: destinationId, ...fields };
    const { status, text } = await gateway.api('POST', '/routes', body);
    if (status !== 201) throw new Error(text);
  };

  const ask = (body: object): Promise<Answer> => gateway.api('POST', '/routes/preview', body);

  const preview = async (body: object): Promise<Preview> => {
    const answer = await ask(body);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body as unknown as Preview;
  };

  const routesOf = async (body: object): Promise<Record<string, PreviewedRoute>> => {
    const [first] = (await preview(body)).events;
    return Object.fromEntries((first?.routes ?? []).map((each) => [each.name, each]));
  };

  /** What it shows of a webhook of a source that exists for the trial only. */
  const STARTED_EVENT = {
    id: expect.any(String),
    type: 'ticket.created',
    native_type: 'ticket_started',
    source: { id: expect.any(String), provider: 'groove', name: 'groove' },
    occurred_at: '2017-12-14T15:54:26.000Z',
    received_at: expect.any(String),
    deduplication_key: expect.stringMatching(/^[0-9a-f]{64}#0$/),
    ticket: {
      key: '9',
      number: '9',
      title: 'Test Subject',
      status: { native: 'opened', normal: 'open' },
      requester: { name: 'Test Name' },
      tags: ['vip'],
      custom: {},
    },
    changes: [],
  };

  it('shows the event, what every matcher of every route saw, and the messages', async () => {
    const id = expect.any(String);
    expect(await preview({ provider: 'groove', headers: STARTED, body: TICKET })).toEqual({
      events: [
        {
          event: STARTED_EVENT,
          routes: [
            {
              id,
              name: 'VIP',
              position: 1,
              matched: true,
              matchers: [
                { field: 'ticket.tags', op: 'eq', value: 'vip', matched: true, saw: ['vip'] },
                { field: 'ticket.custom.Plan', op: 'exists', value: false, matched: true, saw: null },
              ],
              destination_id: destinationId,
              channel: 'VIP',
              topic: 'No. 9',
              content: '**Test Subject**',
            },
            {
              id,
              name: 'Same place',
              position: 2,
              matched: true,
              matchers: [],
              destination_id: destinationId,
              channel: 'vip',
              topic: 'NO. 9',
              content: 'New ticket has been opened for Test Name\nTicket #9 Test Subject',
              reason: 'same_place',
            },
            {
              id,
              name: 'Last word',
              position: 3,
              matched: false,
              matchers: [
                { field: 'ticket.title', op: 'matches', value: '(?i)stop', matched: false, saw: 'Test Subject' },
              ],
              destination_id: destinationId,
              ...NOT_SENT,
            },
            {
              id,
              name: 'Endless',
              position: 4,
              matched: false,
              matchers: [
                { field: 'ticket.title', op: 'matches', value: 'Endless', matched: false, saw: 'Test Subject' },
              ],
              destination_id: destinationId,
              ...NOT_SENT,
            },
            {
              id,
              name: 'Everything',
              position: 5,
              matched: true,
              matchers: [],
              destination_id: destinationId,
              channel: 'support',
              topic: '#9 Test Subject',
              content: 'New ticket has been opened for Test Name\nTicket #9 Test Subject',
            },
          ],
        },
      ],
    });
  });

  it('stores nothing and sends nothing', async () => {
    const traces = async (): Promise<unknown> => [
      (await gateway.api('GET', '/events')).body.data,
      (await gateway.api('GET', '/deliveries')).body.data,
      (await gateway.api('GET', '/sources')).body.data,
      await gateway.sandboxMessages(),
    ];
    const before = await traces();
    await preview({ provider: 'groove', headers: STARTED, body: TICKET });
    await preview({ source_id: sourceId, headers: STARTED, body: TICKET });
    await ask({ source_id: sourceId, headers: STARTED, body: '{' });
    await preview({ source_id: sourceId, headers: { 'x-groove-event': 'nope' }, body: TICKET });
    expect(await traces()).toEqual(before);
  });

  it('reads a body that is a text as the hook would, whatever notation it is in', async () => {
    const form = new URLSearchParams({ number: '9', title: 'Test Subject' }).toString();
    const bodies: [string, string][] = [
      ['application/json', JSON.stringify(TICKET)],
      ['application/x-www-form-urlencoded', form],
      ['text/plain', JSON.stringify(TICKET)],
    ];
    for (const [contentType, body] of bodies) {
      const headers = { ...STARTED, 'Content-Type': contentType };
      const [first] = (await preview({ source_id: sourceId, headers, body })).events;
      expect(first?.event).toMatchObject({
        source: { id: sourceId, provider: 'groove', name: 'groove' },
        ticket: { key: '9', title: 'Test Subject' },
      });
    }
  });

  it('asks no route below one that says stop, and says so', async () => {
    const routes = await routesOf({ provider: 'groove', headers: STARTED, body: { ...TICKET, title: 'Full stop' } });
    expect(routes['Last word']).toMatchObject({ matched: true, topic: '#9 Full stop' });
    expect(routes['Last word']).not.toHaveProperty('skipped_by_stop');
    expect(routes['Everything']).toMatchObject({ matched: true, skipped_by_stop: true, channel: null, content: null });
    expect(routes['Endless']).toMatchObject({ matched: false, skipped_by_stop: true });
  });

  it('says of each route by itself why it sends nothing', async () => {
    const endless = await routesOf({ provider: 'groove', headers: STARTED, body: { ...TICKET, title: 'Endless' } });
    expect(endless['Endless']).toMatchObject({
      matched: true,
      channel: 'support',
      topic: null,
      reason: 'render_failed',
      detail: 'The template uses too much memory (line 2, column 1)',
    });
    expect(endless['Everything']).toMatchObject({ topic: '#9 Endless', content: expect.any(String) });
    const headers = { 'x-groove-event': 'ticket_assigned' };
    const nobody = await routesOf({ provider: 'groove', headers, body: { number: 9, assignee: null } });
    expect(nobody['Everything']).toMatchObject({
      matched: true,
      channel: 'support',
      topic: null,
      reason: 'nothing_to_say',
    });
  });

  it('judges an event of the log by the present routes', async () => {
    const taken = await gateway.groove('ticket_started', { ...TICKET, number: 77 });
    const [eventId] = taken.body['event_ids'] as string[];
    await gateway.settledDeliveries();
    await route('New since then', { position: 1, matchers: [{ field: 'ticket.number', op: 'eq', value: 77 }] });
    const [first] = (await preview({ event_id: eventId })).events;
    expect(first?.event).toMatchObject({ id: eventId, ticket: { key: '77' } });
    expect(first?.routes.map(({ name, matched, topic }) => [name, matched, topic])).toEqual([
      ['New since then', true, '#77 Test Subject'],
      ['VIP', true, 'No. 77'],
      ['Same place', true, 'NO. 77'],
      ['Last word', false, null],
      ['Endless', false, null],
      ['Everything', true, '#77 Test Subject'],
    ]);
  });

  it('names an event type that is not supported', async () => {
    const headers = { 'x-groove-event': 'ticket_exploded' };
    expect(await preview({ provider: 'groove', headers, body: TICKET })).toEqual({
      events: [],
      unsupported: 'ticket_exploded',
    });
  });

  it('takes settings for the trial, whatever they say of signatures', async () => {
    const settings = { signature: 'jira', deduplicate_seconds: null };
    expect((await preview({ source_id: sourceId, headers: STARTED, body: TICKET, settings })).events).toHaveLength(1);
    expect((await gateway.api('GET', `/sources/${sourceId}`)).body['settings']).toEqual({});
  });

  it('says where a destination is disabled', async () => {
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query('update destinations set disabled_at = now() where id = $1', [destinationId]);
    await client.end();
    const directory = gateway.app.get(DestinationDirectory, { strict: false });
    await waitUntil(() => directory.find(destinationId) === undefined);
    const routes = await routesOf({ provider: 'groove', headers: STARTED, body: TICKET });
    expect(routes['Everything']).toMatchObject({ matched: true, channel: null, reason: 'destination_disabled' });
  });
});
