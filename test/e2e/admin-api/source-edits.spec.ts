import { type Answer, call, TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

describe('edits of a source', () => {
  let gateway: TestGateway;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  const create = (more: object = {}, headers: Record<string, string> = {}): Promise<Answer> => {
    const body = { name: `Edited ${(made += 1)}`, provider: 'groove', ...more };
    return gateway.api('POST', '/sources', body, gateway.adminKey, headers);
  };
  const pathOf = (source: Row): string => `/sources/${String(source['id'])}`;
  const patch = (source: Row, body: object, ifMatch?: string): Promise<Answer> =>
    gateway.api('PATCH', pathOf(source), body, gateway.adminKey, ifMatch === undefined ? {} : { 'if-match': ifMatch });
  const changesOf = async (source: Row): Promise<Row[]> =>
    (await gateway.api('GET', `/changes?subject_id=${String(source['id'])}`)).body.data;
  const hook = (source: Row): Promise<Answer> =>
    gateway.groove('ticket_started', { number: (made += 1), title: 'Edited' }, String(source['hook_url']));

  it('count its versions, and say them as ETag', async () => {
    const created = await create();
    const source = created.body;
    expect([source['version'], created.headers.get('etag')]).toEqual([1, '"1"']);
    const read = await gateway.api('GET', pathOf(source));
    expect([read.body['version'], read.headers.get('etag')]).toEqual([1, '"1"']);
    const changed = await patch(source, { settings: { deduplicate_seconds: 5 } });
    expect([changed.body['version'], changed.headers.get('etag')]).toEqual([2, '"2"']);
    const { body: list } = await gateway.api('GET', '/sources?limit=1');
    expect(list.data).toMatchObject([{ id: source['id'], version: 2 }]);
  });

  it('that change nothing are none', async () => {
    const settings = {
      departments: { 2: 'b', 1: 'a' },
      allowed_ips: ['127.0.0.1', '::1'],
      signature: 'jira',
    };
    const secrets = { signing_secrets: ['one', 'two'], basic: 'a:b' };
    const { body: source } = await create({ settings, secrets });
    const same = {
      name: source['name'],
      settings: { ...settings, departments: { 1: 'a', 2: 'b' }, agents: null },
      secrets,
    };
    for (const body of [{}, same, { disabled: false }, { disabled_at: null }]) {
      const { status, body: view } = await patch(source, body);
      expect([status, view['version']]).toEqual([200, 1]);
    }
    expect(await changesOf(source)).toHaveLength(1);
    expect((await patch(source, { settings: { allowed_ips: ['::1', '127.0.0.1'] } })).body['version']).toBe(2);
    expect((await patch(source, { secrets: { basic: 'a:c' } })).body['version']).toBe(3);
  });

  it('are on the record, with secrets masked', async () => {
    const settings = { base_url: 'https://desk.example.com', signature: 'jira' };
    const secrets = { signing_secrets: ['hush-hush'], basic: 'user:whisper', api_token: 'psst-psst' };
    const { body: source } = await create({ settings, secrets });
    await patch(source, {
      name: 'Edited and renamed',
      settings: { base_url: null, rate_limit_per_minute: 7 },
      secrets: { basic: null, signing_secrets: ['hush-hush', 'shush-shush'] },
    });
    await patch(source, { disabled: true });
    const changes = await changesOf(source);
    const [disabled, updated, created] = changes as [Row, Row, Row];
    const facts = { provider: 'groove', disabled_at: null, previous_token_until: null };
    const masks = { signing_secrets: '***', basic: '***', api_token: '***' };
    const first = { ...facts, name: source['name'], settings, secrets: masks };
    const second = { ...facts, name: 'Edited and renamed', settings: { signature: 'jira', rate_limit_per_minute: 7 } };
    expect(created).toMatchObject({
      action: 'create',
      before: null,
      after: first,
      by: { via: 'api', address: '127.0.0.1' },
    });
    expect(updated).toMatchObject({
      action: 'update',
      subject: { kind: 'source', id: source['id'], name: 'Edited and renamed' },
      before: first,
    });
    expect(updated['after']).toEqual({
      ...second,
      secrets: { signing_secrets: '*** (changed)', api_token: '***' },
    });
    expect(disabled['before']).toEqual({ ...second, secrets: { signing_secrets: '***', api_token: '***' } });
    expect(disabled['after']).toMatchObject({ disabled_at: expect.any(String) });
    expect(JSON.stringify(changes)).not.toMatch(/hush|whisper|psst/);
    const { body: atStart } = await gateway.api('GET', '/changes?kind=source&via=start');
    expect(atStart.data.map(({ action, subject }) => [action, (subject as Row)['name']])).toContainEqual([
      'create',
      'groove',
    ]);
  });

  it('are held to the version that was seen', async () => {
    const { body: source } = await create();
    const refused = await patch(source, { name: 'Unseen' }, '"2"');
    expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
      412,
      'precondition_failed',
      'If-Match: the source has been changed; its version is 1 now.',
    ]);
    expect((await patch(source, { name: 'Unseen' }, 'W/"1"')).status).toBe(412);
    const unreadable = await patch(source, { name: 'Unseen' }, '1');
    expect([unreadable.status, unreadable.body['code']]).toEqual([400, 'invalid_if_match']);
    expect((await gateway.api('GET', pathOf(source))).body).toMatchObject({ name: source['name'], version: 1 });
    expect((await patch(source, { name: `Seen ${made}` }, '"7", "1"')).status).toBe(200);
    expect((await patch(source, { settings: { deduplicate_seconds: 1 } }, '*')).status).toBe(200);
  });

  it('at the same time: one is made, the other hears of it, and nothing is lost', async () => {
    const { body: source } = await create();
    const answers = await Promise.all([
      patch(source, { settings: { deduplicate_seconds: 1 } }, '"1"'),
      patch(source, { settings: { rate_limit_per_minute: 100 } }, '"1"'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const won = answers.find(({ status }) => status === 200);
    expect((await gateway.api('GET', pathOf(source))).body).toEqual(won?.body);
    expect(await changesOf(source)).toHaveLength(2);
    // Without If-Match both are made, one after the other.
    const both = await Promise.all([
      patch(source, { settings: { deduplicate_seconds: 2 } }),
      patch(source, { settings: { rate_limit_per_minute: 200 } }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await gateway.api('GET', pathOf(source))).body).toMatchObject({
      version: 4,
      settings: { deduplicate_seconds: 2, rate_limit_per_minute: 200 },
    });
  });

  it('to one name at the same time: one gets it', async () => {
    const [one, other] = [await create(), await create()];
    const name = `Wanted ${made}`;
    const answers = await Promise.all([patch(one.body, { name }), patch(other.body, { name }), create({ name })]);
    expect(answers.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body['code'] === 'name_taken')).toHaveLength(2);
  });

  it('are made once for an Idempotency-Key, and answered again without the hook URL', async () => {
    const key = { 'idempotency-key': 'create-once' };
    const body = { name: 'Made once' };
    const first = await create(body, key);
    const again = await create(body, key);
    const { hook_url: url, ...rest } = first.body;
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([201, rest, '"1"']);
    const reused = await create({ name: 'Made twice' }, key);
    expect([reused.status, reused.body['code']]).toEqual([422, 'idempotency_key_reused']);
    expect((await hook({ hook_url: url })).status).toBe(202);
    expect(await changesOf(first.body)).toHaveLength(1);
  });

  const refusals: [string, object][] = [
    ['a name of another type', { name: 7 }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['null for a name', { name: null }],
    ['an unknown field', { colour: 'red' }],
    ['a provider', { provider: 'faveo' }],
    ['a list of settings', { settings: [] }],
    ['settings of another type', { settings: 'x' }],
    ['an unknown setting', { settings: { colour: 'red' } }],
    ['allowed_ips of another type', { settings: { allowed_ips: '127.0.0.1' } }],
    ['no allowed_ips', { settings: { allowed_ips: [] } }],
    ['too many allowed_ips', { settings: { allowed_ips: Array(101).fill('127.0.0.1') } }],
    ...[
      'localhost',
      '127.0.0',
      '127.0.0.1/33',
      '::1/129',
      '127.0.0.1/',
      '127.0.0.1/-1',
      '127.0.0.1/8/8',
      ' 127.0.0.1',
      'fe80::1%eth0',
      '',
      7,
      null,
      ['::1'],
    ].map((range): [string, object] => [
      `${JSON.stringify(range)} among allowed_ips`,
      { settings: { allowed_ips: ['127.0.0.1', range] } },
    ]),
    ...[0, -1, 1.5, 1_000_001, '60', [60], true].map((rate): [string, object] => [
      `${JSON.stringify(rate)} for a rate`,
      { settings: { rate_limit_per_minute: rate } },
    ]),
    ['a week and a second of memory', { settings: { deduplicate_seconds: 604_801 } }],
    ['an address that is too long', { settings: { base_url: `https://desk.example.com/${'x'.repeat(2_000)}` } }],
    ['a header that is too long', { settings: { signature_header: 'x'.repeat(101) } }],
    ['an unknown encoding', { settings: { signature_encoding: 'base32' } }],
    [
      'too many names',
      { settings: { agents: Object.fromEntries(Array.from({ length: 1_001 }, (_, id) => [id, 'x'])) } },
    ],
    ['a name behind an id that is too long', { settings: { agents: { 1: 'x'.repeat(201) } } }],
    ['a list for a mapping', { settings: { mapping: [] } }],
    [
      'too many fields of a mapping',
      {
        settings: { mapping: Object.fromEntries(Array.from({ length: 201 }, (_, id) => [`ticket.custom.${id}`, 'x'])) },
      },
    ],
    ['a field of a mapping that is too long', { settings: { mapping: { [`ticket.custom.${'x'.repeat(200)}`]: 'x' } } }],
    ['a list of secrets', { secrets: ['x'] }],
    ['an unknown secret', { secrets: { password: 'x' } }],
    ['a secret that is too long', { secrets: { basic: `a:${'x'.repeat(1_000)}` } }],
    ['too many secrets', { settings: { signature: 'jira' }, secrets: { signing_secrets: Array(11).fill('x') } }],
    ['a secret of another type', { settings: { signature: 'jira' }, secrets: { signing_secrets: [7] } }],
    ['a token with a blank', { secrets: { api_token: 'a b' } }],
  ];

  it.each(refusals)('are refused for %s, and it goes on as it was', async (_story, body) => {
    const { body: source } = await create({ settings: { allowed_ips: ['127.0.0.1'], rate_limit_per_minute: 10 } });
    const before = (await gateway.api('GET', pathOf(source))).body;
    const refused = await patch(source, body);
    expect([refused.status, refused.body['code']]).toEqual([400, 'validation_failed']);
    expect(refused.body['errors']).not.toEqual([]);
    expect((await gateway.api('GET', pathOf(source))).body).toEqual(before);
    expect(await changesOf(source)).toHaveLength(1);
    expect((await hook(source)).status).toBe(202);
    // Nor is such a one made.
    if (!('provider' in body)) {
      const made = await create(body);
      expect([made.status, made.body['code']]).toEqual([400, 'validation_failed']);
    }
  });

  it('take a hundred ranges, host bits and all', async () => {
    const ranges = Array.from({ length: 98 }, (_, index) => `10.${index}.7.7/16`);
    const { body: source } = await create({ settings: { allowed_ips: [...ranges, '127.0.0.9/24', '2001:db8::1/32'] } });
    expect((source['settings'] as Row)['allowed_ips']).toHaveLength(100);
    expect((await hook(source)).status).toBe(202);
  });

  it.each([
    [{ settings: { bogus: null } }, 'settings.bogus'],
    [{ secrets: { signing_secret: null } }, 'secrets.signing_secret'],
  ])('that would remove what there is not are refused: %j', async (body, field) => {
    const answer = await patch((await create()).body, body);
    expect([answer.status, answer.body['detail']]).toEqual([400, `${field}: is not a field`]);
  });

  it('are refused for a body that is no object, or none', async () => {
    const { body: source } = await create();
    for (const text of ['[]', '7', 'null', '"x"', '{', '']) {
      const { status, body } = await call(`${gateway.url}/api/v1${pathOf(source)}`, {
        method: 'PATCH',
        headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
        body: text,
      });
      expect([text, status, body['version']]).toEqual(text === '' ? [text, 200, 1] : [text, 400, undefined]);
    }
  });
});
