import { type Answer, TestGateway } from '../support/test-gateway.js';

const ZULIP = {
  kind: 'zulip',
  settings: { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' },
  secrets: { api_key: 'not-shown-again' },
};

describe('the admin API', () => {
  let gateway: TestGateway;
  let auditorKey: string;
  let ingestKey: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const sources = await gateway.api('GET', '/sources');
    const auditor = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const ingest = await gateway.api('POST', '/api-keys', {
      name: 'Ingest',
      role: 'ingest',
      source_id: sources.body.data[0]?.['id'],
    });
    auditorKey = String(auditor.body['key']);
    ingestKey = String(ingest.body['key']);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const firstDestination = async (): Promise<string> => {
    const { body } = await gateway.api('GET', '/destinations');
    return String(body.data.at(-1)?.['id']);
  };

  describe('keys and roles', () => {
    const lists = ['/sources', '/destinations', '/routes', '/api-keys', '/events', '/deliveries'];
    const posts = ['/sources', '/destinations', '/routes', '/api-keys'];

    it.each(lists)('GET %s: admins and auditors read, others do not', async (path) => {
      expect((await gateway.api('GET', path)).status).toBe(200);
      expect((await gateway.api('GET', path, undefined, auditorKey)).status).toBe(200);
      expect((await gateway.api('GET', path, undefined, ingestKey)).status).toBe(403);
      expect((await gateway.api('GET', path, undefined, null)).status).toBe(401);
      expect((await gateway.api('GET', path, undefined, 'dw_wrong')).status).toBe(401);
    });

    it.each(posts)('POST %s: admins alone write', async (path) => {
      expect((await gateway.api('POST', path, {}, auditorKey)).status).toBe(403);
      expect((await gateway.api('POST', path, {}, ingestKey)).status).toBe(403);
      expect((await gateway.api('POST', path, {}, null)).status).toBe(401);
      expect((await gateway.api('POST', path, {})).status).toBe(400);
    });

    it('takes the key in X-API-Key as well', async () => {
      const response = await fetch(`${gateway.url}/api/v1/sources`, { headers: { 'x-api-key': gateway.adminKey } });
      expect(response.status).toBe(200);
    });

    it.each(['/health/live', '/health/ready', '/docs-json', '/docs'])('%s needs no key', async (path) => {
      expect((await fetch(gateway.url + path)).status).toBe(200);
    });

    it('shows a key once, and stores nothing that it could be made of', async () => {
      const { body } = await gateway.api('POST', '/api-keys', { name: 'Once', role: 'auditor' });
      expect(body['key']).toMatch(/^dw_[\w-]{43}$/);
      const { body: again } = await gateway.api('GET', `/api-keys/${String(body['id'])}`);
      expect(again).toMatchObject({ name: 'Once', role: 'auditor', source_id: null, revoked_at: null });
      expect(JSON.stringify(again)).not.toContain(String(body['key']).slice(3));
    });

    it.each<[string, object]>([
      ['an ingest key without a source', { name: 'x', role: 'ingest' }],
      ['an admin key with a source', { name: 'x', role: 'admin', source_id: '00000000-0000-7000-8000-000000000000' }],
      ['a key that expired before it was made', { name: 'x', role: 'auditor', expires_at: '2020-01-01T00:00:00Z' }],
      ['an unknown role', { name: 'x', role: 'root' }],
    ])('refuses %s', async (_story, body) => {
      expect((await gateway.api('POST', '/api-keys', body)).status).toBe(400);
    });
  });

  describe('sources', () => {
    it('makes a source whose hook URL is shown once and works', async () => {
      const { status, body } = await gateway.api('POST', '/sources', { name: 'Second Groove', provider: 'groove' });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(String),
        name: 'Second Groove',
        provider: 'groove',
        settings: {},
        disabled_at: null,
        created_at: expect.any(String),
        hook_url: expect.stringMatching(/\/hooks\/groove\/[\w-]{43}$/),
      });
      const { body: shown } = await gateway.api('GET', `/sources/${String(body['id'])}`);
      const { hook_url: hookUrl, ...rest } = body;
      expect(shown).toEqual(rest);
      const hook = await gateway.groove('ticket_started', { number: 1, title: 'From the second' }, String(hookUrl));
      expect(hook.status).toBe(202);
    });

    it.each<[string, object, number, string]>([
      ['an unknown provider', { name: 'x', provider: 'nosuch' }, 400, 'unknown_provider'],
      ['no name', { provider: 'groove' }, 400, 'validation_failed'],
      ['a blank name', { name: '   ', provider: 'groove' }, 400, 'validation_failed'],
      ['a name of another type', { name: 7, provider: 'groove' }, 400, 'validation_failed'],
      ['an unknown field', { name: 'x', provider: 'groove', colour: 'red' }, 400, 'validation_failed'],
      ['an unknown setting', { name: 'x', provider: 'groove', settings: { colour: 'red' } }, 400, 'validation_failed'],
      [
        'a setting of the wrong type',
        { name: 'x', provider: 'groove', settings: { deduplicate_seconds: 'long' } },
        400,
        'validation_failed',
      ],
      [
        'a null where a setting is expected',
        { name: 'x', provider: 'groove', settings: { deduplicate_seconds: null } },
        400,
        'validation_failed',
      ],
      ['NUL in a name', { name: 'a\0b', provider: 'groove' }, 400, 'validation_failed'],
      ['half a character in a name', { name: 'a\ud800', provider: 'groove' }, 400, 'validation_failed'],
      ['a name of which nothing shows', { name: '\u200b', provider: 'groove' }, 400, 'validation_failed'],
      [
        'a field that every object has',
        { name: 'x', provider: 'groove', settings: { toString: 1 } },
        400,
        'validation_failed',
      ],
      ['null settings', { name: 'x', provider: 'groove', settings: null }, 400, 'validation_failed'],
      ['a list of settings', { name: 'x', provider: 'groove', settings: [] }, 400, 'validation_failed'],
      ['a name that is taken, in other letters', { name: 'GROOVE', provider: 'groove' }, 409, 'name_taken'],
    ])('refuses %s', async (_story, body, status, code) => {
      const before = await gateway.api('GET', '/sources');
      const answer = await gateway.api('POST', '/sources', body);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
      expect((await gateway.api('GET', '/sources')).body).toEqual(before.body);
    });

    it('remembers duplicates for as long as the source says', async () => {
      const { body } = await gateway.api('POST', '/sources', {
        name: 'Forgetful',
        provider: 'groove',
        settings: { deduplicate_seconds: 0 },
      });
      const ticket = { number: 2, title: 'Twice' };
      const hookUrl = String(body['hook_url']);
      const answers = [
        await gateway.groove('ticket_started', ticket, hookUrl),
        await gateway.groove('ticket_started', ticket, hookUrl),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([202, 202]);
    });
  });

  describe('destinations', () => {
    it('takes a bot and never shows its key again', async () => {
      const { status, body, text } = await gateway.api('POST', '/destinations', { name: 'Chat', ...ZULIP });
      expect(status).toBe(201);
      expect(body).toMatchObject({ name: 'Chat', kind: 'zulip', settings: ZULIP.settings });
      const { text: shown } = await gateway.api('GET', `/destinations/${String(body['id'])}`);
      expect(text + shown).not.toContain('not-shown-again');
    });

    it('takes a zuliprc in place of the account', async () => {
      const zuliprc = '[api]\nemail=rc-bot@example.com\nkey=not-shown-again\nsite=https://rc.example.com\n';
      const { body } = await gateway.api('POST', '/destinations', {
        name: 'By rc',
        kind: 'zulip',
        zuliprc,
        settings: { channel: 'support' },
      });
      expect(body['settings']).toEqual({
        channel: 'support',
        email: 'rc-bot@example.com',
        site: 'https://rc.example.com',
      });
    });

    it.each<[string, object]>([
      ['half an account', { name: 'x', kind: 'zulip', settings: { channel: 'c', site: 'https://chat.example.com' } }],
      ['a blank channel', { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, channel: '  ' } }],
      [
        'a zuliprc whose address is none',
        {
          name: 'x',
          kind: 'zulip',
          zuliprc: '[api]\nemail=zz\nkey=k\nsite=https://x.example\n',
          settings: { channel: 'c' },
        },
      ],
      ['no channel', { name: 'x', ...ZULIP, settings: { site: 'https://chat.example.com', email: 'bot@example.com' } }],
      [
        'a list of settings',
        { name: 'x', kind: 'zulip', zuliprc: '[api]\nemail=a@b.c\nkey=k\nsite=https://x.y\n', settings: [] },
      ],
      ['no settings', { name: 'x', kind: 'zulip', secrets: { api_key: 'k' } }],
      [
        'a site that is no web address',
        { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, site: 'ftp://chat.example.com' } },
      ],
      ['an unknown kind', { name: 'x', ...ZULIP, kind: 'pigeon' }],
      ['a broken zuliprc', { name: 'x', kind: 'zulip', zuliprc: 'nonsense', settings: { channel: 'c' } }],
      ['a zuliprc and an account', { name: 'x', ...ZULIP, zuliprc: '[api]\nemail=a@b.c\nkey=k\nsite=https://x.y\n' }],
      [
        'a retry schedule of words',
        { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, retry_schedule_seconds: ['soon'] } },
      ],
    ])('refuses %s', async (_story, body) => {
      const answer = await gateway.api('POST', '/destinations', body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
      expect(answer.text).not.toContain('not-shown-again');
    });
  });

  describe('routes', () => {
    const create = async (fields: object): Promise<Answer> =>
      gateway.api('POST', '/routes', { matchers: [], destination_id: await firstDestination(), ...fields });

    it('keeps the catch-all last, however far down a route is put', async () => {
      const far = await create({
        name: 'Far down',
        position: 9_999,
        matchers: [{ field: 'type', op: 'eq', value: 'ping' }],
      });
      const { body } = await gateway.api('GET', '/routes');
      const last = body.data.sort((a, b) => Number(b['position']) - Number(a['position']))[0];
      expect([far.body['position'], last?.['name'], last?.['position']]).toEqual([1, 'Everything', 2]);
    });

    it('puts a route before the catch-all unless told where', async () => {
      const first = await create({
        name: 'Urgent',
        matchers: [{ field: 'ticket.priority.normal', op: 'eq', value: 'urgent' }],
      });
      expect([first.status, first.body['position']]).toEqual([201, 2]);
      const second = await create({
        name: 'Notes',
        matchers: [{ field: 'type', op: 'eq', value: 'message.note_added' }],
      });
      expect(second.body['position']).toBe(3);
      const third = await create({
        name: 'First of all',
        position: 1,
        matchers: [{ field: 'ticket.tags', op: 'eq', value: 'vip' }],
      });
      expect(third.body['position']).toBe(1);
      const { body } = await gateway.api('GET', '/routes');
      const byPosition = body.data.sort((a, b) => Number(a['position']) - Number(b['position']));
      expect(byPosition.map((route) => [route['position'], route['name']])).toEqual([
        [1, 'First of all'],
        [2, 'Far down'],
        [3, 'Urgent'],
        [4, 'Notes'],
        [5, 'Everything'],
      ]);
    });

    it.each<[string, object, string]>([
      ['an unknown field', { matchers: [{ field: 'ticket.colour', op: 'eq', value: 'red' }] }, 'matchers.0'],
      ['a list for a matcher', { matchers: [[]] }, 'matchers'],
      ['null for a matcher', { matchers: [null] }, 'matchers'],
      ['null for a position', { position: null }, 'position'],
      ['a position before the first', { position: 0 }, 'position'],
      ['NUL in a value', { matchers: [{ field: 'type', op: 'eq', value: 'a\0' }] }, 'matchers.0.value'],
      ['half a character in a template', { settings: { message: 'a\ud800' } }, 'settings.message'],
      ['a blank template', { settings: { topic: ' ' } }, 'settings.topic'],
      ['an unknown operator', { matchers: [{ field: 'type', op: 'like', value: 'x' }] }, 'matchers.0.op'],
      ['a value that does not fit', { matchers: [{ field: 'type', op: 'in', value: 'x' }] }, 'matchers.0'],
      [
        'a pattern that RE2 does not compile',
        { matchers: [{ field: 'type', op: 'matches', value: '(' }] },
        'matchers.0',
      ],
      ['a template that does not parse', { settings: { message: 'Hello {{ ticket.title' } }, 'settings.message'],
      ['a template with an unknown filter', { settings: { topic: '{{ ticket.title | shout }}' } }, 'settings.topic'],
    ])('refuses %s and says where', async (_story, fields, field) => {
      const answer = await create({ name: 'x', ...fields });
      expect(answer.status).toBe(400);
      const errors = answer.body['errors'] as { field: string }[];
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error.field).toMatch(new RegExp(`^${field}`));
    });

    it('refuses a destination that is not there', async () => {
      const answer = await create({ name: 'x', destination_id: '01890000-0000-7000-8000-000000000000' });
      expect([answer.status, answer.body['code']]).toEqual([400, 'unknown_destination']);
    });

    it('judges the next event by a new route, in its own words, and stops where told', async () => {
      await create({
        name: 'Tagged',
        position: 1,
        matchers: [{ field: 'ticket.tags', op: 'eq', value: 'billing' }],
        settings: { channel: 'billing', topic: 'Bills', message: 'Look: {{ ticket.title }}', stop: true },
      });
      await gateway.groove('ticket_tagged', { number: 41, title: 'An invoice', tags: ['billing'] });
      const deliveries = await gateway.settledDeliveries('&ticket=41');
      expect(deliveries).toEqual([
        expect.objectContaining({
          state: 'delivered',
          channel: 'billing',
          topic: 'Bills',
          content: 'Look: An invoice',
        }),
      ]);
    });

    it('sends an event once to one place, and logs the second route as skipped', async () => {
      await create({ name: 'Same place', position: 1, matchers: [{ field: 'ticket.number', op: 'eq', value: '42' }] });
      await gateway.groove('ticket_started', { number: 42, title: 'Once' });
      const deliveries = await gateway.settledDeliveries('&ticket=42');
      expect(deliveries.map((delivery) => [delivery['state'], delivery['reason']])).toEqual([
        ['delivered', null],
        ['skipped', 'same_place'],
      ]);
    });
  });

  describe('lists', () => {
    it.each<[string, string, string]>([
      ['a limit of none', '/deliveries?limit=0', 'validation_failed'],
      ['a limit beyond the most', '/deliveries?limit=501', 'validation_failed'],
      ['an unknown parameter', '/deliveries?colour=red', 'validation_failed'],
      ['an unknown state', '/deliveries?state=lost', 'validation_failed'],
      ['a cursor that is none', '/deliveries?cursor=abc', 'invalid_cursor'],
      ['a time that is none', '/events?since=yesterday', 'validation_failed'],
      ['a week', '/events?since=2026-W01', 'validation_failed'],
      ['a day that is none', '/events?since=2026-02-31T00:00:00Z', 'validation_failed'],
      ['a time before all ids', '/deliveries?since=1969-12-31T23:59:59Z', 'validation_failed'],
      ['NUL in a search', '/deliveries?q=%00', 'validation_failed'],
      ['an empty search', '/events?q=', 'validation_failed'],
      ['a limit in hexadecimal', '/events?limit=0x10', 'validation_failed'],
      ['a parameter that every object has', '/events?constructor=1', 'validation_failed'],
      ['since after until', '/events?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'validation_failed'],
      ['an id that is none', '/deliveries/42', 'invalid_id'],
      ['an unknown inclusion', '/deliveries/01890000-0000-7000-8000-000000000000?include=secrets', 'validation_failed'],
    ])('refuses %s', async (_story, path, code) => {
      const answer = await gateway.api('GET', path);
      expect([answer.status, answer.body['code']]).toEqual([400, code]);
    });

    it('pages both ways, newest first, in the same order', async () => {
      for (let number = 1000; number < 1007; number += 1)
        await gateway.groove('ticket_started', { number, title: 'Page' });
      const whole = await gateway.api('GET', '/events?type=ticket.created&limit=500');
      const ids = whole.body.data.map((event) => event['id']);
      const page = async (cursor: unknown): Promise<Answer['body']> =>
        (
          await gateway.api(
            'GET',
            `/events?type=ticket.created&limit=3${cursor === undefined ? '' : `&cursor=${cursor as string}`}`,
          )
        ).body;
      const first = await page(undefined);
      const second = await page(first['next_cursor']);
      const back = await page(second['prev_cursor']);
      expect(first.data.map((event) => event['id'])).toEqual(ids.slice(0, 3));
      expect(second.data.map((event) => event['id'])).toEqual(ids.slice(3, 6));
      expect(back.data).toEqual(first.data);
      expect([first['prev_cursor'], back['prev_cursor']]).toEqual([null, null]);
      const foreign = await gateway.api('GET', `/events?type=ticket.closed&cursor=${String(first['next_cursor'])}`);
      expect([foreign.status, foreign.body['code']]).toEqual([400, 'invalid_cursor']);
    });

    it('answers 404 for what is not there', async () => {
      for (const room of ['sources', 'destinations', 'routes', 'api-keys', 'events', 'deliveries']) {
        const answer = await gateway.api('GET', `/${room}/01890000-0000-7000-8000-000000000000`);
        expect([room, answer.status, answer.body['code']]).toEqual([room, 404, 'not_found']);
      }
    });
  });

  it('refuses what is not JSON', async () => {
    const post = (body: string, type: string): Promise<Response> =>
      fetch(`${gateway.url}/api/v1/sources`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': type },
      });
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{"__proto__": {"admin": true}}', 'application/json')).status).toBe(400);
  });
});
