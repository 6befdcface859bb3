import { dataOf, DeskClient } from './desk-client.js';

const MESSAGE = { ticket_message: 'Whose?' };

describe('the keys of the ticket desk', () => {
  let desk: DeskClient;
  let keys: Record<string, string | null>;
  let foreign: string;

  beforeAll(async () => {
    desk = await DeskClient.start();
    keys = {
      admin: desk.gateway.adminKey,
      auditor: await desk.makeKey('auditor'),
      desk: await desk.makeKey('ingest', await desk.makeSource('ticket-desk')),
      generic: await desk.makeKey('ingest', await desk.makeSource('generic')),
      groove: await desk.makeKey('ingest', await desk.makeSource('groove')),
      nobody: null,
    };
    foreign = await desk.open('The first desk’s');
  });
  afterAll(() => desk.stop());

  it.each<[string, string, object | undefined, Record<string, number>]>([
    ['POST', '/tickets', MESSAGE, { admin: 201, auditor: 403, desk: 201, generic: 403, groove: 403, nobody: 401 }],
    ['GET', '/tickets', undefined, { admin: 200, auditor: 200, desk: 200, generic: 200, groove: 403, nobody: 401 }],
    ['GET', '/tickets/:id', undefined, { admin: 200, auditor: 200, desk: 404, generic: 404, groove: 403, nobody: 401 }],
    ['PATCH', '/tickets/:id', MESSAGE, { admin: 200, auditor: 403, desk: 404, generic: 404, groove: 403, nobody: 401 }],
    [
      'DELETE',
      '/tickets/:id',
      undefined,
      { auditor: 403, desk: 404, generic: 404, groove: 403, nobody: 401, admin: 200 },
    ],
    ['GET', '/service', undefined, { admin: 200, auditor: 200, desk: 200, generic: 403, groove: 403, nobody: 401 }],
    [
      'POST',
      '/service/unavailable',
      undefined,
      { admin: 200, auditor: 403, desk: 200, generic: 403, groove: 403, nobody: 401 },
    ],
    [
      'POST',
      '/service/available',
      undefined,
      { admin: 200, auditor: 403, desk: 200, generic: 403, groove: 403, nobody: 401 },
    ],
    ['GET', '/webhooks', undefined, { admin: 200, auditor: 200, desk: 200, generic: 403, groove: 403, nobody: 401 }],
    [
      'POST',
      '/webhooks/register',
      { callback_url: 'http://127.0.0.1:49151/' },
      { auditor: 403, generic: 403, groove: 403, nobody: 401, desk: 201, admin: 200 },
    ],
    [
      'POST',
      '/webhooks/ping',
      undefined,
      { admin: 200, auditor: 403, desk: 200, generic: 403, groove: 403, nobody: 401 },
    ],
    [
      'DELETE',
      '/webhooks/unregister/:id',
      undefined,
      { admin: 200, auditor: 403, desk: 200, generic: 403, groove: 403, nobody: 401 },
    ],
  ])('%s %s', async (method, path, body, expected) => {
    const answers: Record<string, number> = {};
    for (const name of Object.keys(expected)) {
      const key = keys[name] ?? null;
      const answer = await desk.request(method, path.replace(':id', foreign), body, { key });
      answers[name] = answer.status;
      if (answer.status >= 400)
        expect(answer.body).toMatchObject({ status: answer.status, detail: expect.any(String) });
    }
    expect(answers).toEqual(expected);
  });

  it('keeps a desk’s own tickets to its key', async () => {
    const key = String(keys['desk']);
    const id = await desk.open('Mine', { key });
    expect((await desk.request('PATCH', `/tickets/${id}`, MESSAGE, { key })).status).toBe(200);
    const { body } = await desk.request('GET', '/tickets', undefined, { key });
    expect(body.data.map((ticket) => ticket['source_id'])).not.toContain(
      dataOf(await desk.request('GET', `/tickets/${foreign}`))['source_id'],
    );
    expect((await desk.request('DELETE', `/tickets/${id}`, undefined, { key })).status).toBe(200);
  });

  it('has a hook URL that takes nothing', async () => {
    const answer = await desk.request('POST', new URL(desk.gateway.hookUrl('ticket-desk')).pathname, {
      event: 'ticket_opened',
      data: MESSAGE,
    });
    expect([answer.status, answer.body]).toEqual([200, { event_ids: [], unsupported: 'ticket_opened' }]);
  });
});
