import { Client } from 'pg';
import { newId } from '../../src/clock/new-id.js';
import { describePagination, type ListUnderTest } from '../support/describe-pagination.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, TestGateway } from '../support/test-gateway.js';

// The clock stands still: every row is of the same instant.
const clock = new FakeClock();
let gateway: TestGateway;
let client: Client;
let number = 0;

beforeAll(async () => {
  gateway = await TestGateway.start({}, clock);
  client = new Client({ connectionString: gateway.databaseUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await gateway.stop();
});

const next = (): number => (number += 1);

function admin(path: string, add: () => Promise<unknown>): ListUnderTest {
  return { url: `${gateway.url}${path}`, headers: { authorization: `Bearer ${gateway.adminKey}` }, add };
}

async function post(path: string, body: object): Promise<string> {
  const answer = await gateway.api('POST', path, body);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return String(answer.body['id']);
}

/** What the ticket desk is asked to make. */
async function desk(path: string, body: object): Promise<void> {
  const answer = await call(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([answer.status < 300, answer.text]).toEqual([true, expect.any(String)]);
}

const addSource = (): Promise<string> => post('/sources', { name: `Source ${next()}`, provider: 'groove' });
const addDestination = (): Promise<string> =>
  post('/destinations', { name: `Hook ${next()}`, kind: 'webhook', settings: { url: 'https://example.com/hook' } });
const addRoute = (destinationId: string): Promise<string> =>
  post('/routes', {
    name: `Route ${next()}`,
    matchers: [{ field: 'type', op: 'eq', value: 'ping' }],
    destination_id: destinationId,
    settings: {},
  });
const addEvent = (): Promise<unknown> =>
  gateway.groove('ticket_started', { number: next(), title: 'The printer is on fire' });

describePagination('sources', () => Promise.resolve(admin('/api/v1/sources', addSource)));
describePagination('destinations', () => Promise.resolve(admin('/api/v1/destinations', addDestination)));
describePagination('routes', async () => {
  const destinationId = await addDestination();
  return admin('/api/v1/routes', () => addRoute(destinationId));
});
describePagination('revisions of the routes', async () => {
  const destinationId = await addDestination();
  return admin('/api/v1/routes/revisions', () => addRoute(destinationId));
});
describePagination('keys', () =>
  Promise.resolve(admin('/api/v1/api-keys', () => post('/api-keys', { name: `Key ${next()}`, role: 'auditor' }))),
);
describePagination('changes', () => Promise.resolve(admin('/api/v1/changes', addSource)));
describePagination('changes of sources', () => Promise.resolve(admin('/api/v1/changes?kind=source', addSource)));
describePagination('events', () => Promise.resolve(admin('/api/v1/events', addEvent)));
describePagination('events of a type', () =>
  Promise.resolve(admin('/api/v1/events?type=ticket.created&outcome=accepted', addEvent)),
);
describePagination('events with words', () => Promise.resolve(admin('/api/v1/events?q=printer', addEvent)));
describePagination('looks at raw requests', async () => {
  const answer = await gateway.groove('ticket_started', { number: next(), title: 'The printer is on fire' });
  const [id] = answer.body['event_ids'] as string[];
  return admin('/api/v1/raw-reads', () => gateway.api('GET', `/events/${String(id)}?include=raw`));
});
describePagination('deliveries', () => Promise.resolve(admin('/api/v1/deliveries', addEvent)));
describePagination('deliveries of a type', () =>
  Promise.resolve(admin('/api/v1/deliveries?type=ticket.created', addEvent)),
);
describePagination('deliveries of a ticket', () =>
  Promise.resolve(
    admin('/api/v1/deliveries?ticket=77', () => gateway.groove('ticket_started', { number: 77, title: `T ${next()}` })),
  ),
);
describePagination('deliveries with words', () =>
  Promise.resolve(admin('/api/v1/deliveries?q=printer+fire', addEvent)),
);
describePagination('subscriptions of a source', async () => {
  const sourceId = await addSource();
  return admin(`/api/v1/sources/${sourceId}/subscriptions`, () =>
    client.query(
      `insert into source_subscriptions (id, source_id, event, upstream_id, hook_url, created_at)
       values ($1, $2, $3, $3, 'https://example.com/hook', $4)`,
      [newId(clock.now()), sourceId, `event-${next()}`, clock.now()],
    ),
  );
});
describePagination('tickets', () =>
  Promise.resolve(admin('/tickets', () => desk('/tickets', { ticket_message: `It burns, ${next()} times` }))),
);
describePagination('subscribers', () =>
  Promise.resolve(
    admin('/webhooks', () => desk('/webhooks/register', { callback_url: `https://example.com/subscriber/${next()}` })),
  ),
);
