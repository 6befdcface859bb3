import { Client } from 'pg';
import { DeliveryDesk } from '../../support/delivery-desk.js';
import type { ScriptedAnswer } from '../../support/scripted-zulip.js';
import { type Answer, call } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

type Row = Record<string, unknown>;

const REFUSED: ScriptedAnswer = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } };
const NOBODY = '01890000-0000-7000-8000-000000000000';

describe('sending again', () => {
  let desk: DeliveryDesk;
  let client: Client;
  let isBroken = false;

  beforeEach(async () => {
    desk = await DeliveryDesk.start();
    client = new Client({ connectionString: desk.gateway.databaseUrl });
    await client.connect();
    isBroken = true;
    desk.zulip.answerBy(() => (isBroken ? REFUSED : undefined));
  });
  afterEach(async () => {
    await client.end();
    await desk.stop();
  });

  const post = (path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
    desk.gateway.api('POST', `/deliveries/${path}`, body, undefined, headers);
  const all = (filter: object, isDryRun = false): Promise<Answer> => post('replay', { filter, dry_run: isDryRun });
  const rowsOf = async (text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(text, values)).rows;
  const facts = async (): Promise<unknown[]> =>
    (await desk.deliveries()).map(({ state, reason, replay_of: of }) => [state, reason, of]);
  /** Replies that Zulip refuses: dead. @returns their deliveries */
  const dead = async (...texts: [number, string][]): Promise<Row[]> => {
    for (const [ticket, text] of texts) await desk.reply(ticket, text);
    return desk.inStates(...texts.map(() => 'dead'));
  };
  const mend = (): void => {
    isBroken = false;
  };

  it('sends one again by a new delivery, and leaves the original as it is', async () => {
    const [original] = await dead([9, 'It burns']);
    mend();
    desk.clock.advance(60_000);
    const answer = await post(`${String(original?.['id'])}/replay`);
    const [{ key_id: keyId }] = (await rowsOf(`select key_id from changes where action = 'replay'`)) as [Row];
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        ...original,
        id: expect.any(String),
        state: 'pending',
        attempts: 0,
        next_attempt_at: desk.clock.now().toISOString(),
        channel: null,
        topic: null,
        content: null,
        reason: null,
        detail: null,
        created_at: desk.clock.now().toISOString(),
        finished_at: null,
        replay_of: original?.['id'],
        replayed_by: keyId,
      },
    ]);
    expect(answer.body['id']).not.toBe(original?.['id']);
    const [kept, replay] = await desk.inStates('dead', 'delivered');
    expect(kept).toEqual(original);
    expect(replay).toMatchObject({ id: answer.body['id'], topic: original?.['topic'], content: original?.['content'] });
    expect(desk.texts).toEqual(['It burns']);
    expect((await desk.gateway.api('GET', '/changes?kind=delivery')).body.data).toMatchObject([
      {
        action: 'replay',
        subject: {
          kind: 'delivery',
          id: original?.['id'],
          name: expect.stringMatching(/^message\.customer_replied of /),
        },
        before: null,
        after: { replay: answer.body['id'] },
      },
    ]);
    const lanes = await rowsOf('select lane, sequence::text, has_sibling from deliveries order by id');
    expect(lanes[1]?.['lane']).toBe(`late:${String(lanes[0]?.['lane'])}`);
    expect([Number(lanes[1]?.['sequence']) > 2 ** 52, lanes[1]?.['has_sibling']]).toEqual([true, false]);
  });

  it('renders anew, by the settings that the route has now, deleted or not', async () => {
    const [original] = await dead([9, 'It burns']);
    mend();
    const [route] = (await desk.gateway.api('GET', '/routes')).body.data;
    const path = `/routes/${String(route?.['id'])}`;
    await desk.gateway.api('PATCH', path, { settings: { topic: 'Mended', message: 'Again: {{ message.text }}' } });
    await desk.gateway.api('DELETE', path);
    await post(`${String(original?.['id'])}/replay`);
    await desk.inStates('dead', 'delivered');
    expect(desk.zulip.taken).toMatchObject([{ topic: 'Mended', content: 'Again: It burns' }]);
  });

  it('says what keeps one from being sent again', async () => {
    const [original] = await dead([9, 'It burns']);
    const id = String(original?.['id']);
    const refusal = async (of: string): Promise<unknown[]> => {
      const { status, body } = await post(`${of}/replay`);
      return [status, body['code']];
    };
    expect(await refusal(NOBODY)).toEqual([404, 'not_found']);
    expect(await refusal('me')).toEqual([400, 'invalid_id']);
    desk.zulip.answerBy(() => ({ status: 500, body: {} }));
    const { body: replay } = await post(`${id}/replay`);
    expect(await refusal(String(replay['id']))).toEqual([409, 'not_finished']);
    expect(await refusal(id)).toEqual([409, 'replay_waiting']);
    await desk.gateway.api('POST', `/deliveries/${String(replay['id'])}/cancel`);
    await rowsOf('update events set event = null');
    expect(await refusal(id)).toEqual([409, 'event_gone']);
    await rowsOf('delete from events');
    expect(await refusal(id)).toEqual([409, 'event_gone']);
    await rowsOf('update destinations set deleted_at = now()');
    expect(await refusal(id)).toEqual([409, 'destination_deleted']);
    expect((await desk.deliveries()).length).toBe(2);
  });

  it('sends all dead ones again that a filter names, counted first, in the order in which they came', async () => {
    await dead([1, 'a1'], [2, 'b1'], [1, 'a2'], [2, 'b2']);
    mend();
    await desk.reply(3, 'delivered');
    await desk.inStates('dead', 'dead', 'dead', 'dead', 'delivered');
    const none = { already_replayed: 0, destination_deleted: 0, event_gone: 0 };
    expect((await all({ ticket: '1' }, true)).body).toEqual({ dry_run: true, count: 2, left_out: none });
    expect((await desk.deliveries()).length).toBe(5);
    const { status, body } = await all({ since: '2020-01-01' });
    expect([status, body]).toEqual([200, { dry_run: false, count: 4, left_out: none }]);
    await desk.passTimeUntilSettled(9);
    expect(desk.texts.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(desk.texts.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2']);
    expect((await desk.gateway.api('GET', '/changes?kind=delivery')).body.data).toMatchObject([
      {
        action: 'replay',
        subject: { name: '4 deliveries' },
        after: { filter: { since: '2020-01-01' }, count: 4, left_out: none },
      },
    ]);
    expect((await all({ since: '2020-01-01' })).body).toEqual({
      dry_run: false,
      count: 0,
      left_out: { ...none, already_replayed: 4 },
    });
    expect((await all({ state: 'delivered', ticket: '3' })).body['count']).toBe(1);
  });

  it('sends the latest of a chain again, where its original stood', async () => {
    const [first] = await dead([1, 'a1'], [1, 'a2']);
    await post(`${String(first?.['id'])}/replay`);
    const [, , replay] = await desk.inStates('dead', 'dead', 'dead');
    mend();
    expect((await all({ ticket: '1' })).body).toMatchObject({ count: 2, left_out: { already_replayed: 1 } });
    const rows = await desk.inStates('dead', 'dead', 'dead', 'delivered', 'delivered');
    expect(rows.slice(3).map((row) => row['replay_of'])).toEqual([replay?.['id'], rows[1]?.['id']]);
    expect(desk.texts).toEqual(['a1', 'a2']);
  });

  it('leaves out what cannot be sent, and says why', async () => {
    await dead([1, 'a'], [2, 'b'], [3, 'c']);
    await rowsOf(`delete from events where ticket_key = '1'`);
    const other = await desk.gateway.api('POST', '/destinations', {
      name: 'Other',
      kind: 'webhook',
      settings: { url: `${desk.gateway.url}/x` },
    });
    await desk.gateway.api('DELETE', `/destinations/${String(other.body['id'])}`);
    await rowsOf(`update deliveries set destination_id = $1 where ticket_key = '2'`, [other.body['id']]);
    mend();
    const leftOut = { already_replayed: 0, destination_deleted: 1, event_gone: 1 };
    expect((await all({ state: 'dead' }, true)).body).toEqual({ dry_run: true, count: 1, left_out: leftOut });
    expect((await all({ state: 'dead' })).body).toEqual({ dry_run: false, count: 1, left_out: leftOut });
    await desk.inStates('dead', 'dead', 'dead', 'delivered');
    expect(desk.texts).toEqual(['c']);
  });

  it('makes two equal requests at once, or one that is repeated, once', async () => {
    await dead([1, 'a'], [2, 'b'], [3, 'c']);
    mend();
    const answers = await Promise.all([all({ state: 'dead' }), all({ state: 'dead' }), all({ state: 'dead' })]);
    expect(answers.map(({ body }) => body['count']).sort()).toEqual([0, 0, 3]);
    await desk.inStates('dead', 'dead', 'dead', 'delivered', 'delivered', 'delivered');
    const body = { filter: { state: 'delivered' } };
    const once = await Promise.all(['k', 'k', 'k'].map((key) => post('replay', body, { 'idempotency-key': key })));
    expect(once.map((answer) => answer.body['count'])).toEqual([3, 3, 3]);
    await waitUntil(async () => (await desk.deliveries()).filter(({ state }) => state === 'delivered').length === 6);
    expect(desk.texts.sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('sends one event to one place once, whichever route it is sent again for', async () => {
    const [first] = (await desk.gateway.api('GET', '/routes')).body.data;
    await desk.gateway.api('POST', '/routes', {
      name: 'Too',
      destination_id: first?.['destination_id'],
      matchers: [],
      settings: {},
    });
    await desk.reply(9, 'It burns');
    await desk.inStates('dead', 'dead');
    mend();
    await all({ state: 'dead' });
    const rows = await desk.inStates('dead', 'dead', 'delivered', 'skipped');
    expect(await facts()).toEqual([
      ['dead', 'invalid', null],
      ['dead', 'invalid', null],
      ['delivered', null, rows[0]?.['id']],
      ['skipped', 'same_place', rows[1]?.['id']],
    ]);
    // Its own message is no hindrance: that is what is to be sent again.
    await post(`${String(rows[2]?.['id'])}/replay`);
    await desk.inStates('dead', 'dead', 'delivered', 'skipped', 'delivered');
    expect(desk.texts).toEqual(['It burns', 'It burns']);
  });

  it('is no reason to wait for anybody who writes now', async () => {
    // More than a worker has in hand before it reads no more.
    const count = 300;
    for (let index = 1; index <= count; index += 1) await desk.reply(index, `old ${index}`);
    await waitUntil(async () => {
      const [row] = await rowsOf(`select count(*)::int as dead from deliveries where state = 'dead'`);
      return row?.['dead'] === count;
    });
    const [destination] = (await desk.gateway.api('GET', '/destinations')).body.data;
    await desk.gateway.api('PATCH', `/destinations/${String(destination?.['id'])}`, {
      settings: { max_requests_per_minute: 2, join: false },
    });
    desk.clock.advance(120_000);
    mend();
    await all({ state: 'dead' });
    await waitUntil(() => desk.texts.length === 1);
    await desk.reply(1, 'new 1');
    await desk.reply(999, 'new 2');
    for (const sent of [2, 3, 4]) {
      await waitUntil(() => {
        desk.clock.advance(500);
        return desk.texts.length >= sent;
      });
    }
    expect(desk.texts.slice(0, 4)).toEqual(['old 1', 'new 1', 'new 2', 'old 2']);
  });

  it('holds up nothing of its ticket while it fails', async () => {
    const [original] = await dead([9, 'old']);
    desk.zulip.answerBy(({ content }) => (content.includes('old') ? { status: 500, body: {} } : undefined));
    await post(`${String(original?.['id'])}/replay`);
    await waitUntil(async () => (await facts()).length === 2 && desk.zulip.received.length === 2);
    await desk.reply(9, 'new');
    await desk.inStates('dead', 'pending', 'delivered');
    expect(desk.texts).toEqual(['new']);
  });

  it('refuses what it does not understand', async () => {
    for (const [body, code] of [
      [{}, 'validation_failed'],
      [{ filter: {} }, 'empty_filter'],
      [{ filter: [] }, 'validation_failed'],
      [{ filter: null }, 'validation_failed'],
      [{ filter: { state: 'pending' } }, 'validation_failed'],
      [{ filter: { colour: 'red' } }, 'validation_failed'],
      [{ filter: { limit: 5 } }, 'validation_failed'],
      [{ filter: { ticket: '9' }, dry_run: 'yes' }, 'validation_failed'],
      [{ filter: { ticket: null } }, 'validation_failed'],
      [{ filter: { since: '2026-02-01', until: '2026-01-01' } }, 'validation_failed'],
      [{ filter: { since: '2026-02-01', until: '2026-01-01' }, dry_run: true }, 'validation_failed'],
    ] as const) {
      const answer = await post('replay', body);
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, code]);
    }
  });

  it('is for admins', async () => {
    const { body } = await desk.gateway.api('POST', '/api-keys', { name: 'Reader', role: 'auditor' });
    const answer = await call(`${desk.gateway.url}/api/v1/deliveries/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(body['key'])}`, 'content-type': 'application/json' },
      body: JSON.stringify({ filter: { state: 'dead' } }),
    });
    expect(answer.status).toBe(403);
  });
});
