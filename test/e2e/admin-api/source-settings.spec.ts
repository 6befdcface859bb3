import { createHmac } from 'node:crypto';
import { call, type Answer, TestGateway } from '../../support/test-gateway.js';

describe('settings and secrets of a source', () => {
  let gateway: TestGateway;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  const create = (body: object): Promise<Answer> => {
    made += 1;
    return gateway.api('POST', '/sources', { name: `Source ${made}`, provider: 'groove', ...body });
  };
  const hook = (hookUrl: unknown, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
    call(String(hookUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started', ...headers },
      body,
    });
  const sign = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex');
  const storedSecrets = async (): Promise<string> => {
    const { body } = await gateway.api('GET', '/sources?limit=500');
    return JSON.stringify(body);
  };

  it('shows settings, never secrets', async () => {
    const settings = { signature: 'jira', base_url: 'https://desk.example.com', api_url: 'http://127.0.0.1:8080' };
    const secrets = { signing_secrets: ['hush-hush'], basic: 'user:whisper', api_token: 'psst-psst' };
    const { status, body } = await create({ settings, secrets });
    expect([status, body['settings']]).toEqual([201, settings]);
    for (const text of [JSON.stringify(body), await storedSecrets()]) expect(text).not.toMatch(/hush|whisper|psst/);
  });

  it.each<[string, object, string]>([
    ['a signature without secrets', { settings: { signature: 'zendesk' } }, 'settings.signature'],
    [
      'a signature that could stand anywhere',
      { settings: { signature: 'hmac-sha256' }, secrets: { signing_secrets: ['x'] } },
      'settings.signature_header',
    ],
    [
      'an unknown scheme',
      { settings: { signature: 'md5' }, secrets: { signing_secrets: ['x'] } },
      'settings.signature',
    ],
    ['a header that is none', { settings: { signature_header: 'x y' } }, 'settings.signature_header'],
    ['an address that is none', { settings: { base_url: 'desk' } }, 'settings.base_url'],
    ['an address with a password', { settings: { api_url: 'https://a:b@desk.example' } }, 'settings.api_url'],
    ['names that are none', { settings: { departments: { 1: 5 } } }, 'settings.departments'],
    ['a list of names', { settings: { agents: ['x'] } }, 'settings.agents'],
    ['no secret', { secrets: { signing_secrets: [] } }, 'secrets.signing_secrets'],
    ['a blank secret', { secrets: { signing_secrets: [' '] } }, 'secrets.signing_secrets'],
    ['a user without a password', { secrets: { basic: 'user' } }, 'secrets.basic'],
    ['an unknown secret', { secrets: { password: 'x' } }, 'secrets.password'],
    [
      'a mapping of no template',
      { provider: 'generic', settings: { mapping: { 'ticket.key': 5 } } },
      'settings.mapping',
    ],
    [
      'a template that does not parse',
      { provider: 'generic', settings: { mapping: { 'ticket.key': '{{ body.id' } } },
      'settings.mapping.ticket.key',
    ],
    [
      'a field that events do not have',
      { provider: 'generic', settings: { mapping: { 'ticket.key': '{{ body.id }}', 'ticket.colour': 'red' } } },
      'settings.mapping.ticket.colour',
    ],
  ])('refuses %s', async (_story, body, field) => {
    const before = await gateway.api('GET', '/sources');
    const answer = await create(body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map((error) => error.field).some((named) => named.startsWith(field))).toBe(true);
    expect((await gateway.api('GET', '/sources')).body).toEqual(before.body);
  });

  it('does not take an address beside us for a helpdesk’s', async () => {
    const answer = await create({ settings: { api_url: 'http://10.0.0.1/' } });
    expect([answer.status, answer.body['code']]).toEqual([400, 'forbidden_address']);
  });

  it('takes only what is signed, and both secrets while they are rotated', async () => {
    const settings = { signature: 'hmac-sha256', signature_header: 'X-Signed' };
    const { body: source } = await create({ settings, secrets: { signing_secrets: ['old-secret'] } });
    const [first, second, third] = [1, 2, 3].map((number) => JSON.stringify({ number, title: 'Signed' }));
    const refused = await hook(source['hook_url'], first ?? '');
    expect([refused.status, refused.body['code']]).toEqual([401, 'invalid_signature']);
    expect(refused.text).not.toContain('old-secret');
    const wrong = await hook(source['hook_url'], first ?? '', { 'x-signed': sign('other', first ?? '') });
    expect(wrong.status).toBe(401);
    const taken = await hook(source['hook_url'], first ?? '', { 'x-signed': sign('old-secret', first ?? '') });
    expect(taken.status).toBe(202);

    const path = `/sources/${String(source['id'])}`;
    const both = { secrets: { signing_secrets: ['old-secret', 'new-secret'] } };
    expect((await gateway.api('PATCH', path, both)).status).toBe(200);
    expect(
      (await hook(source['hook_url'], second ?? '', { 'x-signed': sign('old-secret', second ?? '') })).status,
    ).toBe(202);
    expect((await hook(source['hook_url'], third ?? '', { 'x-signed': sign('new-secret', third ?? '') })).status).toBe(
      202,
    );
    const { body: events } = await gateway.api('GET', `/events?source_id=${String(source['id'])}&outcome=rejected`);
    expect(events.data).toMatchObject([{ reason: 'invalid_signature' }, { reason: 'invalid_signature' }]);
  });

  it('asks for Basic auth where a user is named', async () => {
    const { body: source } = await create({ secrets: { basic: 'desk:pass:word' } });
    const body = JSON.stringify({ number: 4, title: 'Who are you?' });
    expect((await hook(source['hook_url'], body)).status).toBe(401);
    const basic = Buffer.from('desk:pass:word').toString('base64');
    expect((await hook(source['hook_url'], body, { authorization: `Basic ${basic}` })).status).toBe(202);
  });

  it('changes what is named and leaves the rest', async () => {
    const settings = { base_url: 'https://desk.example.com', departments: { 1: 'Care' } };
    const { body: source } = await create({ settings, secrets: { api_token: 'the-token' } });
    const path = `/sources/${String(source['id'])}`;
    const { status, body } = await gateway.api('PATCH', path, {
      name: 'Renamed',
      settings: { base_url: null, deduplicate_seconds: 5 },
    });
    expect([status, body]).toEqual([
      200,
      {
        id: source['id'],
        name: 'Renamed',
        provider: 'groove',
        settings: { departments: { 1: 'Care' }, deduplicate_seconds: 5 },
        disabled_at: null,
        previous_token_until: null,
        secret_unreadable: false,
        last_event_at: null,
        silent_since: null,
        version: 2,
        created_at: source['created_at'],
      },
    ]);
    expect((await gateway.api('GET', path)).body).toEqual(body);
  });

  it('sends a token to no other server than it was given for', async () => {
    const { body: source } = await create({
      settings: { api_url: 'https://api.example.com' },
      secrets: { api_token: 'the-token' },
    });
    const path = `/sources/${String(source['id'])}`;
    const elsewhere = { settings: { api_url: 'https://evil.example' } };
    const refused = await gateway.api('PATCH', path, elsewhere);
    expect([refused.status, refused.body['detail']]).toEqual([
      400,
      'secrets.api_token: another settings.api_url needs it anew.',
    ]);
    expect((await gateway.api('PATCH', path, { settings: { api_url: null } })).status).toBe(400);
    const anew = { ...elsewhere, secrets: { api_token: 'the-token' } };
    expect((await gateway.api('PATCH', path, anew)).status).toBe(200);
  });

  it.each<[string, object, number, string]>([
    ['a name that is taken', { name: 'groove' }, 409, 'name_taken'],
    ['another provider', { provider: 'generic' }, 400, 'validation_failed'],
    ['an unknown setting', { settings: { colour: 'red' } }, 400, 'validation_failed'],
    ['a setting of another type', { settings: { deduplicate_seconds: 'x' } }, 400, 'validation_failed'],
    ['null settings', { settings: null }, 400, 'validation_failed'],
    ['a signature without secrets', { settings: { signature: 'jira' } }, 400, 'validation_failed'],
  ])('refuses to change it to %s', async (_story, change, status, code) => {
    const { body: source } = await create({});
    const path = `/sources/${String(source['id'])}`;
    const answer = await gateway.api('PATCH', path, change);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect((await gateway.api('GET', path)).body['settings']).toEqual({});
  });

  it('lets admins alone change it', async () => {
    const { body: key } = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const { body: source } = await create({});
    const path = `/sources/${String(source['id'])}`;
    expect((await gateway.api('PATCH', path, { name: 'x' }, String(key['key']))).status).toBe(403);
    expect((await gateway.api('PATCH', '/sources/01890000-0000-7000-8000-000000000000', { name: 'x' })).status).toBe(
      404,
    );
  });
});
