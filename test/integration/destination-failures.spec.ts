import { Client } from 'pg';
import { DestinationFailures } from '../../src/destinations/destination-failures.js';
import { ScriptedServer } from '../../src/notifiers/testing/scripted-server.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

/** The second statement of what disables fails. */
const BREAK = `
  create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
  create trigger refuse before update of disabled_at on destinations for each row execute function refuse()`;

describe('what is on record of a destination at which nothing arrives', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;
  let client: Client;
  let failures: DestinationFailures;
  let id: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
    server = await ScriptedServer.start();
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    failures = gateway.app.get(DestinationFailures, { strict: false });
    const { body } = await gateway.api('POST', '/destinations', {
      name: 'Hook',
      kind: 'webhook',
      settings: { url: server.url },
    });
    id = String(body['id']);
    await gateway.api('POST', '/routes', { name: 'All', destination_id: id, matchers: [] });
  });
  afterEach(async () => {
    await client.end();
    await gateway.stop();
    await server.stop();
  });

  const failing = () => ({ destination_id: id, since: new Date(), warned_at: null, disabled_because: 'gone' as const });
  const destination = async (): Promise<Row> => (await gateway.api('GET', `/destinations/${id}`)).body;

  it('says that it is disabled if it is, and only then', async () => {
    await client.query(BREAK);
    await expect(failures.disable(failing())).rejects.toThrow('refused');
    expect(await failures.find(id)).toBeNull();
    await client.query('drop trigger refuse on destinations');
    await failures.disable(failing());
    expect(await failures.find(id)).toMatchObject({ disabled_because: 'gone' });
    expect(await destination()).toMatchObject({ disabled_because: 'gone', disabled_at: expect.any(String) });
    await client.query(BREAK.replace('create function', 'create or replace function'));
    await expect(failures.enable(id)).rejects.toThrow('refused');
    expect(await failures.find(id)).toMatchObject({ disabled_because: 'gone' });
    await client.query('drop trigger refuse on destinations');
    await failures.enable(id);
    expect(await failures.find(id)).toBeNull();
    expect(await destination()).toMatchObject({ disabled_at: null, failing_since: null });
  });

  it('does not keep what was half disabled from being disabled', async () => {
    // As a crash between two statements could leave it before.
    const { destination_id, since, disabled_because } = failing();
    await client.query(
      'insert into failing_destinations (destination_id, since, disabled_because) values ($1, $2, $3)',
      [destination_id, since, disabled_because],
    );
    server.answer(410, '');
    await gateway.groove('customer_replied', {
      id: 'reply-1',
      plain_text_body: 'Hi',
      links: { ticket: { href: '/v1/tickets/1' }, author: { href: '/v1/customers/c@example.com' } },
    });
    await waitUntil(async () => (await destination())['disabled_at'] !== null);
    expect(await destination()).toMatchObject({ disabled_because: 'gone', failing_since: since.toISOString() });
  });
});
