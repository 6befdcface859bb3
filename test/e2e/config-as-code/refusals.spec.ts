import { TestGateway } from '../../support/test-gateway.js';
import { ConfigDesk } from './config-desk.js';

describe('a configuration document that cannot be', () => {
  let gateway: TestGateway;
  let desk: ConfigDesk;
  let before: unknown;

  beforeAll(async () => {
    gateway = await TestGateway.start({ DESKWIRE_SECRET_KNOWN: 'known' });
    desk = new ConfigDesk(gateway);
    await gateway.api('POST', '/destinations', {
      name: 'Off',
      kind: 'webhook',
      settings: { url: `${gateway.url}/x` },
      disabled: true,
    });
    const { body } = await gateway.api('GET', '/sources');
    const sourceId = body.data.find(({ name }) => name === 'generic')?.['id'];
    await gateway.api('POST', '/api-keys', { name: 'Scripts', role: 'ingest', source_id: sourceId });
    before = await desk.state();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  afterEach(async () => {
    expect(await desk.state()).toEqual(before);
  });

  const route = (fields: string): string =>
    `routes:\n  - name: fine\n    destination: Sandbox\n  - name: bad\n    ${fields}`;

  it.each<[string, string, number, string, RegExp]>([
    ['a YAML bomb', 'routes: &a [*a]', 400, 'invalid_yaml', /aliases/],
    [
      'a regular expression bomb',
      route(
        'destination: Sandbox\n    matchers: [{field: message.text, op: matches, value: "(((a{0,50}){0,50}){0,50}){0,50}"}]',
      ),
      400,
      'validation_failed',
      /^routes.1 "bad": .*pattern/,
    ],
    [
      'a template with an endless loop',
      route('destination: Sandbox\n    settings: {message: "{% for i in (1..999999999) %}x{% endfor %}"}'),
      400,
      'validation_failed',
      /^routes.1 "bad": settings.message: .*line 1, column/,
    ],
    [
      'a template that does not parse',
      route('destination: Sandbox\n    settings: {topic: "{{ ticket.title"}'),
      400,
      'validation_failed',
      /^routes.1 "bad": settings.topic: .*line 1, column/,
    ],
    [
      'a route to nowhere',
      route('destination: Nowhere'),
      400,
      'validation_failed',
      /^routes.1 "bad": destination: there is no destination "Nowhere"/,
    ],
    [
      'a route to a disabled destination',
      route('destination: "Off"'),
      409,
      'destination_disabled',
      /^routes.1 "bad": /,
    ],
    [
      'an unknown matcher field',
      route('destination: Sandbox\n    matchers: [{field: ticket.colour, op: eq, value: red}]'),
      400,
      'validation_failed',
      /^routes.1 "bad": matchers.0: /,
    ],
    [
      'a variable that is not set',
      'sources:\n  - {name: new, provider: groove, secrets: {api_token: "${DESKWIRE_SECRET_UNSET}"}}',
      400,
      'validation_failed',
      /^sources.0 "new": .*DESKWIRE_SECRET_UNSET is not set/,
    ],
    [
      'one of two variables that is not set',
      'sources:\n  - {name: new, provider: groove, settings: {signature: standard}, secrets: {signing_secrets: ["${DESKWIRE_SECRET_KNOWN}", "${DESKWIRE_SECRET_UNSET}"]}}',
      400,
      'validation_failed',
      /DESKWIRE_SECRET_UNSET is not set/,
    ],
    [
      'an unknown provider',
      'sources:\n  - {name: new, provider: lotus}',
      400,
      'unknown_provider',
      /^sources.0 "new": /,
    ],
    [
      'another provider',
      'sources:\n  - {name: groove, provider: faveo}',
      400,
      'validation_failed',
      /^sources.0 "groove": provider: cannot be changed/,
    ],
    [
      'another kind',
      `destinations:\n  - {name: Sandbox, kind: webhook, settings: {url: "http://127.0.0.1:9999/"}}`,
      400,
      'validation_failed',
      /^destinations.0 "Sandbox": kind: cannot be changed/,
    ],
    [
      'settings of the other kind',
      `destinations:\n  - {name: new, kind: webhook, settings: {channel: support}}`,
      400,
      'validation_failed',
      /^destinations.0 "new": /,
    ],
    [
      'a forbidden address',
      `destinations:\n  - {name: new, kind: webhook, settings: {url: "http://10.0.0.1/"}}`,
      400,
      'forbidden_address',
      /^destinations.0 "new": /,
    ],
    ['to delete a source that a key belongs to', 'sources: []', 409, 'in_use', /"generic": .*"Scripts"/],
    ['to delete a destination that routes lead to', 'destinations: []', 409, 'in_use', /"Sandbox": .*"Everything"/],
  ])('refuses %s, names the thing, and changes nothing', async (_story, yaml, status, code, words) => {
    for (const answer of [await desk.tryOut(yaml), await desk.put(yaml)]) {
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
      expect(answer.body['detail']).toMatch(words);
    }
  });

  it('refuses what is no YAML document by its type, and an unknown parameter', async () => {
    expect((await desk.put('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await desk.put('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await desk.put('{}', {}, '?dry_run=perhaps')).status).toBe(400);
    expect((await desk.put('{}', {}, '?dryrun=true')).status).toBe(400);
    const elsewhere = await fetch(`${gateway.url}/api/v1/routes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/yaml' },
      body: 'name: x',
    });
    expect(elsewhere.status).toBe(415);
  });

  it('is for admins to apply, for auditors to read', async () => {
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const key = String(body['key']);
    expect((await desk.get(key)).status).toBe(200);
    expect((await desk.put('{}', { authorization: `Bearer ${key}` })).status).toBe(403);
    await gateway.api('DELETE', `/api-keys/${String(body['id'])}`);
    before = await desk.state();
  });
});
