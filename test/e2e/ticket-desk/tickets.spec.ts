import type { Answer } from '../../support/test-gateway.js';
import { dataOf, DeskClient } from './desk-client.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('the tickets of the desk', () => {
  let desk: DeskClient;

  beforeAll(async () => {
    desk = await DeskClient.start();
  });
  afterAll(() => desk.stop());

  const patch = (id: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    desk.request('PATCH', `/tickets/${id}`, body, { headers });
  const close = (id: string, headers: Record<string, string> = {}): Promise<Answer> =>
    desk.request('DELETE', `/tickets/${id}`, undefined, { headers });

  it('is opened, read, changed and closed, and stays', async () => {
    const opened = await desk.request('POST', '/tickets', { ticket_message: ' The lamp is dark.\nSince noon.' });
    const ticket = dataOf(opened);
    expect(opened.status).toBe(201);
    expect(opened.text.startsWith('{"data":{"id":"')).toBe(true);
    expect(ticket).toEqual({
      id: expect.stringMatching(UUID),
      ticket_message: ' The lamp is dark.\nSince noon.',
      title: 'The lamp is dark.',
      status: 'new',
      category: 'general',
      priority: 'medium',
      user_id: '',
      user_email: '',
      source_id: expect.stringMatching(UUID),
      version: 1,
      created_at: ticket['updated_at'],
      updated_at: expect.any(String),
      closed_at: null,
    });
    const id = String(ticket['id']);
    expect(opened.headers.get('location')).toBe(`/tickets/${id}`);
    expect(opened.headers.get('etag')).toBe('"1"');
    const read = await desk.request('GET', `/tickets/${id}`);
    expect([read.status, read.headers.get('etag'), dataOf(read)]).toEqual([200, '"1"', ticket]);

    const changed = await patch(id, { ticket_message: 'It is light again.' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(dataOf(changed)).toEqual({
      ...ticket,
      ticket_message: 'It is light again.',
      version: 2,
      updated_at: expect.any(String),
    });

    const closed = await close(id);
    expect([closed.status, closed.headers.get('etag')]).toEqual([200, '"3"']);
    const closedAt = dataOf(closed)['closed_at'];
    expect(dataOf(closed)).toEqual({
      ...dataOf(changed),
      status: 'closed',
      version: 3,
      updated_at: closedAt,
      closed_at: expect.any(String),
    });
    expect(dataOf(await desk.request('GET', `/tickets/${id}`))).toEqual(dataOf(closed));

    for (const answer of [await close(id), await patch(id, { ticket_message: 'Again' }, { 'if-match': '"1"' })]) {
      expect(answer.status).toBe(409);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.body).toMatchObject({ code: 'ticket_closed', detail: expect.stringContaining('closed') });
    }
    const events = await desk.events(`&ticket=${id}`);
    expect(events.map((event) => [event['type'], event['native_type'], event['message'], event['changes']])).toEqual([
      ['ticket.created', 'ticket_opened', { text: ' The lamp is dark.\nSince noon.', is_internal: false }, []],
      ['ticket.updated', 'ticket_updated', { text: 'It is light again.', is_internal: false }, [{ field: 'message' }]],
      ['ticket.closed', 'ticket_closed', undefined, []],
    ]);
    expect(events.map((event) => event['ticket'])).toEqual([
      expect.objectContaining({ key: id, title: 'The lamp is dark.', status: { native: 'new', normal: 'open' } }),
      expect.objectContaining({ key: id, title: 'The lamp is dark.', status: { native: 'new', normal: 'open' } }),
      expect.objectContaining({ key: id, title: 'The lamp is dark.', status: { native: 'closed', normal: 'closed' } }),
    ]);
    expect(new Set(events.map((event) => JSON.stringify(event['source']))).size).toBe(1);
    expect(events[0]?.['source']).toMatchObject({ provider: 'ticket-desk', name: 'ticket-desk' });
  });

  it('is changed only in the version that is expected', async () => {
    const id = await desk.open('Which version?');
    const statuses = async (...answers: Promise<Answer>[]): Promise<unknown[]> =>
      (await Promise.all(answers)).map(({ status, body }) => [status, body['code']]);
    const body = { ticket_message: 'Another' };
    expect(
      await statuses(
        patch(id, body, { 'if-match': '"2"' }),
        patch(id, body, { 'if-match': 'W/"1"' }),
        patch(id, body, { 'if-match': '"3", "x,y"' }),
        patch(id, { ...body, version: 2 }),
        patch(id, body, { 'if-match': '1' }),
        close(id, { 'if-match': '"2"' }),
      ),
    ).toEqual([
      [412, 'precondition_failed'],
      [412, 'precondition_failed'],
      [412, 'precondition_failed'],
      [409, 'version_conflict'],
      [400, 'invalid_if_match'],
      [412, 'precondition_failed'],
    ]);
    expect(await desk.events(`&ticket=${id}`)).toHaveLength(1);
    expect((await patch(id, body, { 'if-match': '"7" , "1"' })).status).toBe(200);
    expect((await patch(id, { ...body, version: 2 }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await patch(id, body, { 'if-match': '*' })).status).toBe(200);
    expect((await close(id, { 'if-match': '"4"' })).status).toBe(200);
    expect(await desk.events(`&ticket=${id}`)).toHaveLength(5);
  });

  it('of many who change the same version, one wins', async () => {
    const id = await desk.open('A race');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => patch(id, { ticket_message: `By ${index}`, version: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    const won = answers.find(({ status }) => status === 200);
    const [, update, ...more] = await desk.events(`&ticket=${id}`);
    expect(more).toEqual([]);
    expect(update?.['message']).toMatchObject({ text: dataOf(won as Answer)['ticket_message'] });
    expect(dataOf(await desk.request('GET', `/tickets/${id}`))).toEqual(dataOf(won as Answer));
  });

  it('of many who change whatever there is, all win, one after the other, and the log has them in that order', async () => {
    const id = await desk.open('A queue');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => patch(id, { ticket_message: `Step ${index}` })),
    );
    const inOrder = answers
      .map(dataOf)
      .sort((a, b) => Number(a['version']) - Number(b['version']))
      .map((ticket) => ticket['ticket_message']);
    const [, ...updates] = await desk.events(`&ticket=${id}`);
    expect(updates.map((event) => (event['message'] as { text: string }).text)).toEqual(inOrder);
    const deliveries = await desk.gateway.settledDeliveries(`&ticket=${id}`);
    expect(deliveries.map((delivery) => delivery['state'])).toEqual(Array.from({ length: 21 }, () => 'delivered'));
    const shown = (await desk.gateway.sandboxMessages()).flatMap(({ content }) => /Step \d+/.exec(content) ?? []);
    expect(shown).toEqual(inOrder);
  });

  it('of many who close it, one does', async () => {
    const id = await desk.open('Closed once');
    const answers = await Promise.all(Array.from({ length: 20 }, () => close(id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['code'] === 'ticket_closed')).toHaveLength(19);
    expect((await desk.events(`&ticket=${id}`)).map((event) => event['type'])).toEqual([
      'ticket.created',
      'ticket.closed',
    ]);
  });

  it('is listed, newest first, page by page', async () => {
    const key = await desk.makeKey('ingest', await desk.makeSource('ticket-desk'));
    const ids: string[] = [];
    for (const message of ['One', 'Two', 'Three', 'Four', 'Five']) ids.unshift(await desk.open(message, { key }));
    const list = async (query: string): Promise<Answer['body']> =>
      (await desk.request('GET', `/tickets${query}`, undefined, { key })).body;
    const idsOf = ({ data }: Answer['body']): unknown[] => data.map((ticket) => ticket['id']);
    expect(await list('')).toEqual({ data: expect.any(Array), next_cursor: null, prev_cursor: null });
    expect(idsOf(await list(''))).toEqual(ids);
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${String(first['next_cursor'])}`);
    const third = await list(`?limit=2&cursor=${String(second['next_cursor'])}`);
    expect([first, second, third].map(idsOf)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(third['next_cursor']).toBeNull();
    expect(idsOf(await list(`?limit=2&cursor=${String(third['prev_cursor'])}`))).toEqual(ids.slice(2, 4));

    expect((await close(ids[1] ?? '')).status).toBe(200);
    expect(idsOf(await list('?status=closed'))).toEqual([ids[1]]);
    expect(idsOf(await list('?status=new'))).toEqual(ids.filter((id) => id !== ids[1]));
    for (const query of [
      '?limit=0',
      '?limit=501',
      '?status=open',
      '?cursor=x',
      '?sort=id',
      `?status=new&cursor=${String(first['next_cursor'])}`,
    ]) {
      expect((await desk.request('GET', `/tickets${query}`)).status).toBe(400);
    }
  });

  it('answers a repetition with the ticket that was opened at first', async () => {
    const headers = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
    const post = (message: string): Promise<Answer> =>
      desk.request('POST', '/tickets', { ticket_message: message }, { headers });
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('Order 66')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    const id = String(dataOf(answers[0] as Answer)['id']);
    await patch(id, { ticket_message: 'Changed meanwhile' });
    expect(dataOf(await post('Order 66'))).toMatchObject({ id, ticket_message: 'Changed meanwhile', version: 2 });
    const reused = await post('Twice');
    expect([reused.status, reused.body['code']]).toEqual([422, 'idempotency_key_reused']);
    const all = await desk.events(`&native_type=ticket_opened&outcome=accepted&q=Order+66`);
    expect(all).toHaveLength(1);
    const other = await desk.request(
      'POST',
      '/tickets',
      { ticket_message: 'Order 66' },
      { headers: { 'idempotency-key': 'b' } },
    );
    expect(dataOf(other)['id']).not.toBe(id);
    for (const key of ['', 'x'.repeat(256), 'ü']) {
      const answer = await desk.request(
        'POST',
        '/tickets',
        { ticket_message: 'No' },
        { headers: { 'idempotency-key': key } },
      );
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_idempotency_key']);
    }
  });

  it('keeps what was asked in the log, without the key that it was asked with', async () => {
    const id = await desk.open('For the record');
    const [event] = await desk.events(`&ticket=${id}`);
    const { body } = await desk.gateway.api('GET', `/events/${String(event?.['id'])}?include=raw`);
    expect(body['raw']).toMatchObject({
      headers: { authorization: '***' },
      body: '{"ticket_message":"For the record"}',
    });
  });
});
