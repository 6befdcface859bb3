import { FakeGroove } from '../support/fake-groove.js';
import { FakeTicketService } from '../support/fake-ticket-service.js';
import { type Answer, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

describe('subscriptions at helpdesks', () => {
  let gateway: TestGateway;
  let groove: FakeGroove;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(async () => {
    await gateway.stop();
  });
  beforeEach(async () => {
    groove = await FakeGroove.start();
  });
  afterEach(async () => {
    await groove.stop();
  });

  let sources = 0;
  const createSource = async (provider: string, settings: object, secrets: object = {}): Promise<Row> => {
    const name = `Source ${(sources += 1)}`;
    const answer = await gateway.api('POST', '/sources', { name, provider, settings, secrets });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  };
  const grooveSource = (server = groove): Promise<Row> =>
    createSource('groove', { api_url: server.url }, { api_token: server.token });
  const call = (method: string, { id }: Row, body?: object, query = ''): Promise<Answer> =>
    gateway.api(method, `/sources/${String(id)}/subscriptions${query}`, body);
  const masked = (source: Row): string => String(source['hook_url']).replace(/[^/]{39}$/, '…');
  const eventsOf = (answer: Answer): unknown[] => answer.body.data.map(({ event }) => event);
  /** Neither the hook's token nor the API's may be seen. */
  const expectNoSecrets = (source: Row, ...answers: Answer[]): void => {
    const token = String(source['hook_url']).split('/').at(-1) ?? '';
    for (const { text } of answers) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(groove.token);
    }
  };

  it('are registered at Groove for chosen events, once, and remembered', async () => {
    const source = await grooveSource();
    const made = await call('POST', source, { events: ['ticket_started', 'note_added', 'note_added'] });
    expect([made.status, made.body.data]).toEqual([
      201,
      ['ticket_started', 'note_added'].map((event) => ({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        event,
        upstream_id: null,
        hook_url: masked(source),
        created_at: expect.stringMatching(/Z$/),
      })),
    ]);
    const more = await call('POST', source, { events: ['note_added', 'agent_replied'] });
    expect([more.status, eventsOf(more)]).toEqual([201, ['note_added', 'agent_replied']]);
    expect(groove.webhooks.map(({ event, url }) => [event, url])).toEqual(
      ['ticket_started', 'note_added', 'agent_replied'].map((event) => [event, source['hook_url']]),
    );
    const listed = await call('GET', source);
    expect([eventsOf(listed), listed.body['next_cursor'], listed.body['prev_cursor']]).toEqual([
      ['agent_replied', 'note_added', 'ticket_started'],
      null,
      null,
    ]);
    const page = await call('GET', source, undefined, '?limit=2');
    const next = await call('GET', source, undefined, `?cursor=${String(page.body['next_cursor'])}`);
    expect([...eventsOf(page), ...eventsOf(next)]).toEqual(eventsOf(listed));
    expectNoSecrets(source, made, more, listed);
  });

  it('are all that Groove offers, unless events are named', async () => {
    const answer = await call('POST', await grooveSource());
    expect([answer.status, answer.body.data.length]).toEqual([201, 14]);
    expect(eventsOf(answer)).not.toContain('ticket_state_changed');
  });

  it('that Groove gave ids are removed there', async () => {
    const telling = await FakeGroove.start({ tellsIds: true });
    const source = await grooveSource(telling);
    await call('POST', source, { events: ['ticket_started', 'note_added'] });
    const removed = await call('DELETE', source);
    expect([removed.status, eventsOf(removed), removed.body['by_hand'], removed.body['detail']]).toEqual([
      200,
      ['ticket_started', 'note_added'],
      [],
      null,
    ]);
    expect(telling.webhooks).toEqual([]);
    expect((await call('GET', source)).body.data).toEqual([]);
    expect((await call('DELETE', source)).body).toEqual({ data: [], by_hand: [], detail: null });
    await telling.stop();
  });

  it('without ids stay listed until it is said that they have been removed by hand', async () => {
    const source = await grooveSource();
    await call('POST', source, { events: ['ticket_started', 'note_added'] });
    const byHand =
      'The helpdesk gave no ids to remove them by: ' +
      `remove the webhooks to ${masked(source)} there by hand, those for ticket_started, note_added. `;
    const removed = await call('DELETE', source);
    expect(removed.body).toMatchObject({
      data: [],
      by_hand: [{ event: 'ticket_started' }, { event: 'note_added' }],
      detail: `${byHand}When that is done, let Deskwire forget them: the same request with ?forget_by_hand=true.`,
    });
    expect((await call('DELETE', source, undefined, '?forget_by_hand=false')).body).toEqual(removed.body);
    expect(eventsOf(await call('GET', source))).toEqual(['note_added', 'ticket_started']);
    // What is still there is not registered a second time.
    expect(eventsOf(await call('POST', source, { events: ['note_added'] }))).toEqual(['note_added']);
    expect(groove.webhooks).toHaveLength(2);
    const forgotten = await call('DELETE', source, undefined, '?forget_by_hand=true');
    expect(forgotten.body).toEqual({ ...removed.body, detail: `${byHand}Deskwire has forgotten them.` });
    expect((await call('GET', source)).body.data).toEqual([]);
    expect((await call('DELETE', source, undefined, '?forget_by_hand=maybe')).status).toBe(400);
    expectNoSecrets(source, removed, forgotten);
  });

  it('that partly fail keep what succeeded, and the same request goes on from there', async () => {
    const source = await grooveSource();
    const events = ['ticket_started', 'note_added', 'agent_replied'];
    groove.misbehave(({ body }) =>
      (body as Row)['event'] === 'note_added' ? { status: 500, body: { error: source['hook_url'] } } : undefined,
    );
    const failed = await call('POST', source, { events });
    expect([failed.status, failed.body]).toEqual([
      502,
      {
        type: 'about:blank',
        title: 'Bad Gateway',
        status: 502,
        code: 'helpdesk_failed',
        detail: 'Groove did not register note_added: it answered with HTTP 500.',
      },
    ]);
    expect(eventsOf(await call('GET', source))).toEqual(['ticket_started']);
    groove.behave();
    expect(eventsOf(await call('POST', source, { events }))).toEqual(events);
    expect(groove.webhooks.map(({ event }) => event)).toEqual(events);
    expectNoSecrets(source, failed);
  });

  it('that cannot be removed stay remembered', async () => {
    const telling = await FakeGroove.start({ tellsIds: true });
    const source = await grooveSource(telling);
    await call('POST', source, { events: ['ticket_started', 'note_added'] });
    telling.misbehave(({ path }) => (path.endsWith('/2') ? 'reset' : undefined));
    const failed = await call('DELETE', source);
    expect([failed.status, failed.body['code']]).toEqual([502, 'helpdesk_failed']);
    expect(failed.body['detail']).toMatch(/^note_added: Groove did not remove the webhook 2: it cannot be reached/);
    expect(eventsOf(await call('GET', source))).toEqual(['note_added']);
    await telling.stop();
  });

  it('are changed by one request at a time for a source, and for two sources at once', async () => {
    const [source, other, third] = [await grooveSource(), await grooveSource(), await grooveSource()];
    let isOpen = false;
    groove.misbehave(async () => {
      await waitUntil(() => isOpen);
      return undefined;
    });
    const register = (where: Row): Promise<Answer> => call('POST', where, { events: ['note_added'] });
    const first = register(source);
    await waitUntil(() => groove.heard.length === 1);
    const again = await register(source);
    expect([again.status, again.body['code'], again.body['detail']]).toEqual([
      409,
      'busy',
      'Subscriptions of this source are being changed by another request: try again when it is done.',
    ]);
    const second = register(other);
    await waitUntil(() => groove.heard.length === 2);
    const tooMany = await register(third);
    expect([tooMany.status, tooMany.body['code'], tooMany.body['detail']]).toEqual([
      409,
      'busy',
      'Subscriptions of other sources are being changed by another request: try again when it is done.',
    ]);
    isOpen = true;
    expect([(await first).status, (await second).status]).toEqual([201, 201]);
    expect(new Set(groove.webhooks.map(({ url }) => url))).toEqual(new Set([source['hook_url'], other['hook_url']]));
    expect((await register(third)).status).toBe(201);
  });

  it('are on the record, what was made before a failure too', async () => {
    const telling = await FakeGroove.start({ tellsIds: true });
    const source = await grooveSource(telling);
    const changes = async (): Promise<Row[]> =>
      (await gateway.api('GET', `/changes?subject_id=${String(source['id'])}`)).body.data;
    const subject = { kind: 'source', id: source['id'], name: source['name'] };
    const described = (...events: [string, string][]): Row => ({
      subscriptions: events.map(([event, id]) => ({ event, upstream_id: id, hook_url: masked(source) })),
    });
    telling.misbehave(({ body }) => ((body as Row)['event'] === 'agent_replied' ? { status: 500 } : undefined));
    const events = ['ticket_started', 'note_added', 'agent_replied'];
    expect((await call('POST', source, { events })).status).toBe(502);
    telling.behave();
    expect((await call('POST', source, { events })).status).toBe(201);
    // Nothing is left to register.
    expect((await call('POST', source, { events })).status).toBe(201);
    telling.misbehave(({ path }) => (path.endsWith('/2') ? { status: 500 } : undefined));
    expect((await call('DELETE', source)).status).toBe(502);
    telling.behave();
    expect((await call('DELETE', source)).status).toBe(200);
    expect((await call('DELETE', source)).status).toBe(200);
    const entries = (await changes()).slice(0, -1).reverse();
    expect(entries.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      { action: 'subscribe', before: null, after: described(['ticket_started', '1'], ['note_added', '2']) },
      { action: 'subscribe', before: null, after: described(['agent_replied', '3']) },
      { action: 'unsubscribe', before: described(['ticket_started', '1']), after: null },
      { action: 'unsubscribe', before: described(['note_added', '2'], ['agent_replied', '3']), after: null },
    ]);
    for (const entry of entries) expect(entry).toMatchObject({ subject, by: { via: 'api' } });
    expect(JSON.stringify(entries)).not.toContain(String(source['hook_url']).split('/').at(-1));
    await telling.stop();
  });

  it('follow a rotated token: registering again takes the new hook URL, removing ends both', async () => {
    const telling = await FakeGroove.start({ tellsIds: true });
    const source = await grooveSource(telling);
    await call('POST', source, { events: ['note_added'] });
    const rotated = await gateway.api('POST', `/sources/${String(source['id'])}/rotate-token`, {});
    const again = await call('POST', source, { events: ['note_added'] });
    expect(again.body.data).toMatchObject([{ event: 'note_added', hook_url: masked(rotated.body) }]);
    const urls = [source['hook_url'], rotated.body['hook_url']];
    expect(telling.webhooks.map(({ event, url }) => [event, url])).toEqual(urls.map((url) => ['note_added', url]));
    const listed = await call('GET', source);
    expect(listed.body.data.map((each) => each['hook_url'])).toEqual([masked(rotated.body), masked(source)]);
    // What Groove still sends to the former one is taken until its time is over.
    for (const url of urls) {
      const note = await gateway.groove('note_added', { id: String(url), plain_text_body: 'Noted' }, String(url));
      expect(note.status).toBe(202);
    }
    const removed = await call('DELETE', source);
    expect(removed.body.data).toHaveLength(2);
    expect(telling.webhooks).toEqual([]);
    await telling.stop();
  });

  it('heed the version of the source, and take an Idempotency-Key for what they are anyway', async () => {
    const source = await grooveSource();
    const path = `/sources/${String(source['id'])}/subscriptions`;
    const send = (method: string, headers: Record<string, string>): Promise<Answer> =>
      gateway.api(method, path, method === 'POST' ? { events: ['note_added'] } : undefined, gateway.adminKey, headers);
    for (const method of ['POST', 'DELETE']) {
      const refused = await send(method, { 'if-match': '"2"' });
      expect([refused.status, refused.body['code']]).toEqual([412, 'precondition_failed']);
    }
    expect(groove.heard).toEqual([]);
    const key = { 'idempotency-key': 'register-once', 'if-match': '"1"' };
    const first = await send('POST', key);
    const again = await send('POST', key);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect(groove.webhooks).toHaveLength(1);
    const listed = await gateway.api('GET', `/sources/${String(source['id'])}`);
    expect(listed.body['version']).toBe(1);
  });

  it('that are being changed keep their source from being deleted', async () => {
    const source = await grooveSource();
    let isOpen = false;
    groove.misbehave(async () => {
      await waitUntil(() => isOpen);
      return undefined;
    });
    const registering = call('POST', source, { events: ['note_added'] });
    await waitUntil(() => groove.heard.length === 1);
    const refused = await gateway.api('DELETE', `/sources/${String(source['id'])}`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'busy']);
    isOpen = true;
    expect((await registering).status).toBe(201);
    expect((await gateway.api('DELETE', `/sources/${String(source['id'])}`)).body['code']).toBe('in_use');
  });

  it('are one registration at a ticket service', async () => {
    const service = await FakeTicketService.start();
    const source = await createSource('ticket-service', { api_url: service.url });
    const made = await call('POST', source, {});
    expect(made.status).toBe(201);
    expect(new Set(made.body.data.map(({ upstream_id }) => upstream_id))).toEqual(new Set(['webhook_1']));
    expect([...service.webhooks]).toEqual([['webhook_1', source['hook_url']]]);
    const removed = await call('DELETE', source);
    expect(eventsOf(removed)).toEqual(eventsOf(made));
    expect(service.asked.slice(1)).toEqual(['DELETE /webhooks/unregister/webhook_1']);
    await service.stop();
  });

  it.each([
    ['an unknown event', { events: ['note_added', 'no_such'] }, /^events: no_such is none of groove: ticket_started,/],
    ['no events', { events: [] }, /events should not be empty/],
    ['something else than names', { events: [7] }, /each value in events must be a string/],
    ['an unknown field', { event: 'note_added' }, /property event should not exist/],
  ])('are refused for %s', async (_what, body, detail) => {
    const answer = await call('POST', await grooveSource(), body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    expect(answer.body['detail']).toMatch(detail);
    expect(groove.heard).toEqual([]);
  });

  it('need a token for Groove', async () => {
    const answer = await call('POST', await createSource('groove', { api_url: groove.url }));
    expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
      409,
      'helpdesk_not_configured',
      'Groove takes registrations by its API only: set secrets.api_token to an access token of your Groove account.',
    ]);
  });

  it('are not for helpdesks that take no registrations', async () => {
    const source = await createSource('generic', {});
    for (const method of ['POST', 'DELETE']) {
      const answer = await call(method, source);
      expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
        400,
        'not_supported',
        'Hooks cannot be registered at generic from here: enter the hook URL there by hand.',
      ]);
    }
    expect((await call('GET', source)).body.data).toEqual([]);
  });

  it('are for admins to change, and for auditors to see', async () => {
    const source = await grooveSource();
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const path = `/sources/${String(source['id'])}/subscriptions`;
    const statuses: number[] = [];
    for (const method of ['GET', 'POST', 'DELETE']) {
      statuses.push((await gateway.api(method, path, undefined, String(body['key']))).status);
    }
    expect(statuses).toEqual([200, 403, 403]);
    const nobody = { id: '0197c3a0-0000-7000-8000-000000000002' };
    for (const method of ['GET', 'POST', 'DELETE']) expect((await call(method, nobody)).status).toBe(404);
  });
});
