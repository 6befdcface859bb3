import { Client } from 'pg';
import { dataOf, DeskClient } from './desk-client.js';

/** As a database does that breaks in the middle: whatever the desk writes last is refused. */
const BREAK = 'alter table deliveries add constraint broken check (false) not valid';
const MEND = 'alter table deliveries drop constraint broken';

describe('what the desk cannot record', () => {
  let desk: DeskClient;
  let database: Client;

  beforeAll(async () => {
    desk = await DeskClient.start();
    database = new Client({ connectionString: desk.gateway.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await desk.stop();
  });

  it('does not happen', async () => {
    const id = await desk.open('As it was');
    await desk.gateway.settledDeliveries();
    const before = await desk.request('GET', '/tickets');
    const headers = { 'idempotency-key': 'tried-twice' };
    const openAgain = (): ReturnType<DeskClient['request']> =>
      desk.request('POST', '/tickets', { ticket_message: 'Tried twice' }, { headers });
    await database.query(BREAK);
    const refused = [
      await openAgain(),
      await desk.request('PATCH', `/tickets/${id}`, { ticket_message: 'Changed' }),
      await desk.request('DELETE', `/tickets/${id}`),
      await desk.request('POST', '/service/unavailable'),
      await desk.request('POST', '/webhooks/ping'),
    ];
    await database.query(MEND);
    expect(refused.map(({ status, body }) => [status, body['code']])).toEqual(
      refused.map(() => [500, 'internal_error']),
    );
    expect((await desk.request('GET', '/tickets')).body).toEqual(before.body);
    expect(await desk.events()).toHaveLength(1);
    expect(dataOf(await desk.request('GET', '/service'))).toMatchObject({ available: true, changed_at: null });

    // Nothing is left that would stand in the way of another try.
    const opened = await openAgain();
    expect(opened.status).toBe(201);
    expect(dataOf(opened)).toMatchObject({ ticket_message: 'Tried twice' });
    expect((await desk.request('PATCH', `/tickets/${id}`, { ticket_message: 'Changed' })).status).toBe(200);
    expect(dataOf(await desk.request('POST', '/service/unavailable'))).toMatchObject({ changed: true });
  });

  it('is refused where the ticket’s source is disabled', async () => {
    const sourceId = await desk.makeSource('ticket-desk');
    const key = await desk.makeKey('ingest', sourceId);
    const id = await desk.open('Its desk is about to shut', { key });
    await database.query('update sources set disabled_at = now() where id = $1', [sourceId]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answers = [
      await desk.request('DELETE', `/tickets/${id}`),
      await desk.request('POST', '/tickets', { ticket_message: 'x' }, { key }),
    ];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [409, 'source_disabled'],
      [403, 'source_disabled'],
    ]);
    expect(dataOf(await desk.request('GET', `/tickets/${id}`))).toMatchObject({ status: 'new' });
  });
});
