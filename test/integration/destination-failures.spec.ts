import { Client } from 'pg';
import { DestinationFailures } from '../../src/destinations/destination-failures.js';
import { ScriptedServer } from '../../src/notifiers/testing/scripted-server.js';
import { type Answer, TestGateway } from '../support/test-gateway.js';
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
  const resume = (): Promise<Answer> => gateway.api('POST', `/destinations/${id}/resume`);
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
    expect((await resume()).status).toBe(500);
    expect(await failures.find(id)).toMatchObject({ disabled_because: 'gone' });
    await client.query('drop trigger refuse on destinations');
    expect((await resume()).status).toBe(200);
    expect(await failures.find(id)).toBeNull();
    expect(await destination()).toMatchObject({ disabled_at: null, failing_since: null });
  });

  it('is told to whoever asks who changed what, as is its end', async () => {
    await failures.disable(failing());
    await failures.disable(failing());
    const { body } = await gateway.api('GET', `/changes?subject_id=${id}`);
    expect(body.data).toMatchObject([
      {
        action: 'disable',
        by: { via: 'deskwire', key_id: null, address: null },
        before: { disabled_at: null },
        after: { disabled_at: expect.any(String), disabled_because: 'gone' },
      },
      { action: 'create', by: { via: 'api' } },
    ]);
    expect(await destination()).toMatchObject({ version: 2 });
    expect((await resume()).body).toMatchObject({ version: 3, disabled_at: null, disabled_because: null });
  });

  it('leaves one alone that an admin has disabled meanwhile', async () => {
    const disabled_at = '2026-01-01T00:00:00.000Z';
    await gateway.api('PATCH', `/destinations/${id}`, { disabled_at });
    await failures.disable(failing());
    expect(await destination()).toMatchObject({ disabled_at, disabled_because: null, version: 2 });
    expect(await failures.find(id)).toBeNull();
  });

  it('is forgotten where the destination is led elsewhere, or enabled by a change', async () => {
    const { disabled_because: _because, ...noted } = failing();
    const note = { ...noted, disabled_because: null };
    await failures.save(note);
    await gateway.api('PATCH', `/destinations/${id}`, { name: 'Renamed' });
    expect(await destination()).toMatchObject({ failing_since: note.since.toISOString() });
    const secret = `whsec_${Buffer.from('thirty-two bytes that were given').toString('base64')}`;
    const moved = { settings: { url: `${server.url}/new` }, secrets: { signing_secret: secret } };
    expect(await gateway.api('PATCH', `/destinations/${id}`, moved)).toMatchObject({ status: 200 });
    expect(await destination()).toMatchObject({ failing_since: null, disables_at: null });
    await failures.disable(failing());
    await gateway.api('PATCH', `/destinations/${id}`, { disabled: false });
    expect(await destination()).toMatchObject({ failing_since: null, disabled_at: null });
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
