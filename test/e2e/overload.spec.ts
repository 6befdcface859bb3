import { Client } from 'pg';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(30_000);

const MEGABYTES = 4;
/** More than the intake queue holds: 128 MiB. */
const WEBHOOKS = 40;

describe('more webhooks than can be stored', () => {
  let gateway: TestGateway;
  let client: Client;

  beforeEach(async () => {
    gateway = await TestGateway.start();
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await gateway.stop();
  });

  it('are refused at once beyond a bound, and every one of the others is kept', async () => {
    // The database takes connections, but not one webhook.
    await client.query('begin');
    await client.query('lock table deduplication_keys in access exclusive mode');
    const answers: Answer[] = [];
    const all = Array.from({ length: WEBHOOKS }, async (_, number) => {
      const body = { number, title: 'Large', browser: 'x'.repeat(MEGABYTES * 1_048_576) };
      answers.push(await gateway.groove('ticket_started', body));
    });
    const refused = await waitUntil(() => answers.length > 0 && answers[0]);
    expect(refused).toMatchObject({ status: 503, body: { code: 'queue_full' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    // Balancers send others elsewhere meanwhile.
    const ready = await call(`${gateway.url}/health/ready`, { headers: { 'x-api-key': gateway.adminKey } });
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({
      status: 'unavailable',
      checks: { database: { ok: true }, queue: { ok: false } },
    });
    await client.query('commit');
    await Promise.all(all);

    const statuses = answers.map((answer) => answer.status);
    const accepted = statuses.filter((status) => status === 202).length;
    expect(new Set(statuses)).toEqual(new Set([202, 503]));
    // What one statement had in hand, and 128 MiB behind it.
    expect(accepted).toBeGreaterThanOrEqual(128 / MEGABYTES);
    const { body } = await gateway.api('GET', '/events?limit=500&outcome=accepted');
    expect(body.data).toHaveLength(accepted);
  });
});
