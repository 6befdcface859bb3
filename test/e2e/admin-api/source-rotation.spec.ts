import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { FakeClock } from '../../support/fake-clock.js';

const DAY_MS = 86_400_000;

describe('rotating the token of a source', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let made = 0;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start({}, clock);
  });
  afterAll(() => gateway.stop());

  const createSource = async (more: object = {}): Promise<Answer['body']> => {
    const body = { name: `Rotated ${(made += 1)}`, provider: 'groove', ...more };
    return (await gateway.api('POST', '/sources', body)).body;
  };
  const pathOf = (source: Answer['body']): string => `/sources/${String(source['id'])}`;
  const rotate = (source: Answer['body'], body?: object, headers?: Record<string, string>): Promise<Answer> =>
    gateway.api('POST', `${pathOf(source)}/rotate-token`, body, gateway.adminKey, headers);
  const hook = (url: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(String(url), {
      method: 'POST',
      headers: { 'x-groove-event': 'ticket_started', ...headers },
      body: JSON.stringify({ number: (made += 1), title: 'Rotated' }),
    });
  const statuses = async (...urls: unknown[]): Promise<number[]> => {
    const answers: number[] = [];
    for (const url of urls) answers.push((await hook(url)).status);
    return answers;
  };
  const after = (ms: number): string => new Date(clock.now().getTime() + ms).toISOString();

  it('shows the new hook URL once, and lets the old one in for a day', async () => {
    const source = await createSource();
    const { hook_url: oldUrl, ...view } = source;
    const { status, body, headers } = await rotate(source);
    const { hook_url: newUrl, ...rotated } = body;
    const until = after(DAY_MS);
    expect([status, rotated]).toEqual([200, { ...view, previous_token_until: until, version: 2 }]);
    expect(headers.get('etag')).toBe('"2"');
    expect(newUrl).toMatch(/\/hooks\/groove\/[\w-]{43}$/);
    expect(newUrl).not.toBe(oldUrl);
    const shown = await gateway.api('GET', pathOf(source));
    expect([shown.body['previous_token_until'], shown.body['hook_url']]).toEqual([until, undefined]);

    expect(await statuses(newUrl, oldUrl)).toEqual([202, 202]);
    expect((await call(String(oldUrl), {})).status).toBe(200);
    clock.advance(DAY_MS - 1);
    expect(await statuses(newUrl, oldUrl)).toEqual([202, 202]);
    expect((await gateway.api('GET', pathOf(source))).body['previous_token_until']).toBe(until);
    clock.advance(1);
    expect(await statuses(newUrl, oldUrl)).toEqual([202, 404]);
    expect((await gateway.api('GET', pathOf(source))).body['previous_token_until']).toBeNull();
  });

  it('lets the old one in for as long as is asked for, be it not at all', async () => {
    const source = await createSource();
    const second = await rotate(source, { grace_seconds: 60 });
    expect(second.body['previous_token_until']).toBe(after(60_000));
    clock.advance(59_999);
    expect(await statuses(source['hook_url'])).toEqual([202]);
    clock.advance(1);
    expect(await statuses(source['hook_url'], second.body['hook_url'])).toEqual([404, 202]);
    const third = await rotate(source, { grace_seconds: 0 });
    expect(third.body['previous_token_until']).toBeNull();
    expect(await statuses(second.body['hook_url'], third.body['hook_url'])).toEqual([404, 202]);
  });

  it('ends the token before the last one', async () => {
    const first = await createSource();
    const second = await rotate(first);
    const third = await rotate(first);
    const urls = [first['hook_url'], second.body['hook_url'], third.body['hook_url']];
    expect(await statuses(...urls)).toEqual([404, 202, 202]);
  });

  it('keeps both tokens out of the log', async () => {
    const source = await createSource();
    const rotated = await rotate(source);
    for (const url of [source['hook_url'], rotated.body['hook_url']]) {
      const token = String(url).split('/').at(-1) ?? '';
      const { body } = await hook(url, { 'x-original-url': `/hooks/groove/${token}`, 'x-tried': token });
      const [id] = body['event_ids'] as string[];
      const { body: event, text } = await gateway.api('GET', `/events/${String(id)}?include=raw`);
      expect(event['raw']).toMatchObject({ headers: { 'x-original-url': '/hooks/groove/***', 'x-tried': '***' } });
      expect(text).not.toContain(token);
    }
  });

  it('is done once for a repeated Idempotency-Key, and says the rest again without the hook URL', async () => {
    const source = await createSource();
    const key = { 'idempotency-key': 'rotate-once' };
    const first = await rotate(source, {}, key);
    const again = await rotate(source, {}, key);
    const { hook_url: url, ...rest } = first.body;
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, rest, 'true']);
    expect(await statuses(source['hook_url'], url)).toEqual([202, 202]);
  });

  it('is on the record, without the tokens', async () => {
    const source = await createSource({ secrets: { api_token: 'psst-psst' } });
    const { body } = await rotate(source);
    const { body: changes, text } = await gateway.api('GET', `/changes?subject_id=${String(source['id'])}&limit=1`);
    const common = { name: source['name'], provider: 'groove', settings: {}, disabled_at: null };
    expect(changes.data).toMatchObject([
      {
        action: 'rotate_token',
        before: { ...common, previous_token_until: null, secrets: { api_token: '***' } },
        after: {
          ...common,
          previous_token_until: body['previous_token_until'],
          secrets: { api_token: '***', hook_token: '*** (changed)' },
        },
      },
    ]);
    for (const url of [source['hook_url'], body['hook_url']]) expect(text).not.toContain(String(url).split('/').at(-1));
  });

  it('heeds If-Match', async () => {
    const source = await createSource();
    const refused = await rotate(source, {}, { 'if-match': '"7"' });
    expect([refused.status, refused.body['code']]).toEqual([412, 'precondition_failed']);
    expect((await gateway.api('GET', pathOf(source))).body).toMatchObject({ version: 1, previous_token_until: null });
    expect((await rotate(source, {}, { 'if-match': '"1"' })).status).toBe(200);
  });

  it.each<[string, object, RegExp]>([
    ['a time before now', { grace_seconds: -1 }, /grace_seconds must not be less than 0/],
    ['more than a week', { grace_seconds: 604_801 }, /grace_seconds must not be greater than 604800/],
    ['half a second', { grace_seconds: 0.5 }, /grace_seconds must be an integer number/],
    ['words', { grace_seconds: 'a day' }, /grace_seconds must be an integer number/],
    ['null', { grace_seconds: null }, /grace_seconds must be an integer number/],
    ['an unknown field', { grace: 1 }, /property grace should not exist/],
  ])('is refused for %s, and changes nothing', async (_story, body, detail) => {
    const source = await createSource();
    const refused = await rotate(source, body);
    expect([refused.status, refused.body['code']]).toEqual([400, 'validation_failed']);
    expect(refused.body['detail']).toMatch(detail);
    expect(await statuses(source['hook_url'])).toEqual([202]);
    expect((await gateway.api('GET', pathOf(source))).body['version']).toBe(1);
  });

  it('is for sources that are there, disabled ones too', async () => {
    expect((await rotate({ id: '01890000-0000-7000-8000-000000000000' } as never)).status).toBe(404);
    const source = await createSource({ disabled: true });
    const { status, body } = await rotate(source);
    expect(status).toBe(200);
    expect(await statuses(source['hook_url'], body['hook_url'])).toEqual([404, 404]);
    await gateway.api('PATCH', pathOf(source), { disabled: false });
    expect(await statuses(source['hook_url'], body['hook_url'])).toEqual([202, 202]);
  });
});
