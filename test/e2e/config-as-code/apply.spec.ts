import { TestGateway } from '../../support/test-gateway.js';
import { ConfigDesk, NO_DIFFERENCE } from './config-desk.js';

const ZULIP_KEY = 'a-zulip-key-of-the-environment';

describe('the configuration as a document', () => {
  let gateway: TestGateway;
  let desk: ConfigDesk;

  beforeEach(async () => {
    gateway = await TestGateway.start({ DESKWIRE_SECRET_ZULIP: ZULIP_KEY });
    desk = new ConfigDesk(gateway);
  });

  afterEach(async () => {
    await gateway.stop();
  });

  const yamlOf = async (): Promise<string> => (await desk.get()).text;
  const site = async (): Promise<string> => {
    const { body } = await gateway.api('GET', '/destinations');
    return (body.data[0]?.['settings'] as { site: string }).site;
  };

  it('is exported whole, in the order of the routes, and without a secret', async () => {
    const answer = await desk.get();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/yaml; charset=utf-8']);
    const yaml = answer.text.split('\n').filter((line) => !line.startsWith('#'));
    expect(yaml.join('\n')).toBe(`sources:
  - name: groove
    provider: groove
  - name: faveo
    provider: faveo
  - name: ticket-service
    provider: ticket-service
  - name: generic
    provider: generic
  - name: ticket-desk
    provider: ticket-desk
destinations:
  - name: Sandbox
    kind: zulip
    settings:
      site: ${await site()}
      email: deskwire-bot@sandbox.invalid
      channel: support
    secrets:
      api_key: \${DESKWIRE_SECRET_DESTINATION_SANDBOX_API_KEY}
routes:
  - name: Everything
    destination: Sandbox
    matchers: []
`);
  });

  it('makes no difference when it is applied as it was exported, and leaves no trace', async () => {
    await gateway.api('POST', '/sources', {
      name: 'Groove — EU / “west”',
      provider: 'groove',
      settings: { api_url: 'https://api.groovehq.com', signature: 'standard', deduplicate_seconds: 0 },
      secrets: { signing_secrets: ['one secret', 'another'], api_token: 'a-token' },
    });
    const { body: source } = await gateway.api('GET', '/sources');
    await gateway.api('PATCH', `/sources/${String(source.data[1]?.['id'])}`, { disabled: true });
    await gateway.api('POST', '/destinations', {
      name: 'Hook',
      kind: 'webhook',
      settings: { url: `${gateway.url}/x` },
    });
    const { body: destinations } = await gateway.api('GET', '/destinations');
    await gateway.api('POST', '/routes', {
      name: 'yes',
      position: 1,
      matchers: [
        { field: 'ticket.tags', op: 'in', value: ['1', 'null', 2, true, '~', ' x\n'] },
        { field: 'message.text', op: 'matches', value: '(?i)^re: .*\\[#\\d+\\]$' },
        { field: 'person', op: 'exists', value: false },
      ],
      destination_id: destinations.data.at(-1)?.['id'],
      settings: { topic: '{{ ticket.title }}', message: 'Line one\n\n  - two: {{ ticket.number }}\n', stop: true },
    });
    const before = await desk.state();
    const yaml = await yamlOf();
    expect(yaml).not.toMatch(/one secret|another|a-token|whsec_/);
    expect((await desk.tryOut(yaml)).body).toEqual({ ...NO_DIFFERENCE, dry_run: true });
    const applied = await desk.put(yaml);
    expect([applied.status, applied.body]).toEqual([200, { ...NO_DIFFERENCE, dry_run: false, hooks: [], secrets: [] }]);
    expect(await desk.state()).toEqual(before);
    expect(await yamlOf()).toBe(yaml);
  });

  it('says in words what would change, changes nothing then, and just that when it is applied', async () => {
    const yaml = (await yamlOf())
      .replace('channel: support', 'channel: billing\n      join: false')
      .replace('  - name: faveo\n    provider: faveo\n', '')
      .replace(
        'routes:\n',
        `routes:
  - name: Urgent
    destination: Sandbox
    matchers:
      - {field: ticket.priority.normal, op: eq, value: urgent}
    settings: {channel: urgent, stop: true}
`,
      );
    const difference = {
      create: [
        {
          kind: 'route',
          name: 'Urgent',
          changes: [
            'destination: "Sandbox" is added',
            'matchers: [{"field":"ticket.priority.normal","op":"eq","value":"urgent"}] is added',
            'settings: {"channel":"urgent","stop":true} is added',
            'disabled: false is added',
          ],
        },
      ],
      update: [
        {
          kind: 'destination',
          name: 'Sandbox',
          changes: ['settings.channel: "support" becomes "billing"', 'settings.join: false is added'],
        },
      ],
      delete: [{ kind: 'source', name: 'faveo', changes: [] }],
    };
    const before = await desk.state();
    expect((await desk.tryOut(yaml)).body).toEqual({ ...difference, dry_run: true });
    expect(await desk.state()).toEqual(before);

    expect((await desk.put(yaml)).body).toEqual({ ...difference, dry_run: false, hooks: [], secrets: [] });
    expect((await desk.tryOut(yaml)).body).toEqual({ ...NO_DIFFERENCE, dry_run: true });
    const { body: changes } = await gateway.api('GET', '/changes?limit=3');
    expect(changes.data.map(({ action, subject }) => [action, (subject as { name: string }).name]).reverse()).toEqual([
      ['update', 'Sandbox'],
      ['create', 'Urgent'],
      ['delete', 'faveo'],
    ]);
    expect(new Set(changes.data.map((change) => change['request_id'])).size).toBe(1);

    await gateway.groove('ticket_started', { number: 7, title: 'Help', priority: 'urgent' });
    await gateway.groove('ticket_started', { number: 8, title: 'Question' });
    const deliveries = await gateway.settledDeliveries();
    expect(deliveries.map(({ channel, state }) => [channel, state])).toEqual([
      ['urgent', 'delivered'],
      ['billing', 'delivered'],
    ]);
  });

  it('makes sources whose hooks work, and takes secrets from the environment', async () => {
    const answer = await desk.put(
      `${await yamlOf()}
`.replace(
        'destinations:\n',
        `  - name: Second Groove
    provider: groove
    settings: {signature: shared-secret, signature_header: X-Secret}
    secrets: {signing_secrets: ["\${DESKWIRE_SECRET_ZULIP}"]}
destinations:
`,
      ),
    );
    const hooks = answer.body['hooks'] as { source: string; hook_url: string }[];
    expect(hooks).toEqual([
      { source: 'Second Groove', hook_url: expect.stringMatching(/\/hooks\/groove\/[\w-]{43}$/) },
    ]);
    const post = (secret: string): Promise<Response> =>
      fetch(hooks[0]?.hook_url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started', 'x-secret': secret },
        body: JSON.stringify({ number: 1, title: 'Hello' }),
      });
    expect((await post('wrong')).status).toBe(401);
    expect((await post(ZULIP_KEY)).status).toBe(202);
    expect((await desk.get()).text).not.toContain(ZULIP_KEY);
  });

  it('shows the secret of a webhook that it made without one, this once', async () => {
    const yaml = (await yamlOf()).replace(
      'routes:\n',
      `  - {name: Hook, kind: webhook, settings: {url: "${gateway.url}/x"}}\nroutes:\n`,
    );
    const { body } = await desk.put(yaml);
    expect(body['secrets']).toEqual([{ destination: 'Hook', secret: expect.stringMatching(/^whsec_/) }]);
    expect((await desk.tryOut(yaml)).body).toEqual({ ...NO_DIFFERENCE, dry_run: true });
  });

  it('can be applied again whatever stands in names and messages', async () => {
    const { body } = await gateway.api('GET', '/destinations');
    const fields = { matchers: [], destination_id: body.data[0]?.['id'] };
    // PostgreSQL and JavaScript do not make the same small letters of these.
    for (const name of ['İx', 'i̇x', 'ΑΣ', 'ας', 'a: {b}', '"', '#1', '- x', 'null', '!!str', '  '.concat('lead')]) {
      expect((await gateway.api('POST', '/routes', { ...fields, name })).status).toBe(201);
    }
    const message = 'costs ${DESKWIRE_SECRET_X} {{ ticket.title }}';
    await gateway.api('POST', '/routes', { ...fields, name: 'mention', settings: { message } });
    const answer = await desk.put(await yamlOf());
    expect([answer.status, answer.body]).toEqual([200, { ...NO_DIFFERENCE, dry_run: false, hooks: [], secrets: [] }]);
  });

  it('changes a secret when its variable says another, and says so without showing it', async () => {
    const yaml = (await yamlOf()).replace('DESKWIRE_SECRET_DESTINATION_SANDBOX_API_KEY', 'DESKWIRE_SECRET_ZULIP');
    const answer = await desk.put(yaml);
    expect(answer.body['update']).toEqual([
      { kind: 'destination', name: 'Sandbox', changes: ['secrets.api_key: "***" becomes "*** (changed)"'] },
    ]);
    const { text } = await gateway.api('GET', '/changes');
    expect(answer.text + text).not.toContain(ZULIP_KEY);
    expect((await desk.tryOut(yaml)).body).toMatchObject(NO_DIFFERENCE);
  });

  it('puts routes in the order of the document', async () => {
    const routes = ['c', 'a', 'b'].map((name) => `  - {name: ${name}, destination: Sandbox}`).join('\n');
    await desk.put(`routes:\n${routes}`);
    const reordered = ['a', 'b', 'c'].map((name) => `  - {name: ${name}, destination: Sandbox}`).join('\n');
    expect((await desk.put(`routes:\n${reordered}`)).body['update']).toEqual([
      { kind: 'route', name: 'c', changes: ['position: 1 becomes 3'] },
      { kind: 'route', name: 'a', changes: ['position: 2 becomes 1'] },
      { kind: 'route', name: 'b', changes: ['position: 3 becomes 2'] },
    ]);
    const { body } = await gateway.api('GET', '/routes');
    const names = body.data.sort((a, b) => Number(a['position']) - Number(b['position'])).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('replaces as many routes as there can be by as many others', async () => {
    const yamlWith = (name: string): string =>
      `routes:\n${Array.from({ length: 1_000 }, (_, i) => `  - {name: ${name}${i}, destination: Sandbox}`).join('\n')}`;
    expect((await desk.put(yamlWith('a'))).status).toBe(200);
    const { status, body } = await desk.put(yamlWith('b'));
    expect([status, body['create'], body['delete']].map((each) => (Array.isArray(each) ? each.length : each))).toEqual([
      200, 1_000, 1_000,
    ]);
  });

  it('leaves alone what a document leaves out', async () => {
    const before = await yamlOf();
    expect((await desk.put('destinations: []')).status).toBe(409);
    expect((await desk.put('{}')).body).toMatchObject(NO_DIFFERENCE);
    expect(await yamlOf()).toBe(before);
  });

  it('may delete everything at once, which could not be deleted the other way round', async () => {
    const answer = await desk.put('sources: []\ndestinations: []\nroutes: []');
    expect(answer.status).toBe(200);
    expect((answer.body['delete'] as unknown[]).length).toBe(7);
    expect((await yamlOf()).split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'sources: []',
      'destinations: []',
      'routes: []',
      '',
    ]);
  });

  it('honours If-Match', async () => {
    const { text, headers } = await desk.get();
    const tag = headers.get('etag') ?? '';
    expect((await desk.put(text, { 'if-match': tag })).status).toBe(200);
    await gateway.api('POST', '/sources', { name: 'Another', provider: 'groove' });
    const late = await desk.put(text, { 'if-match': tag });
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed']);
    expect((await yamlOf()).includes('name: Another')).toBe(true);
  });

  it('is applied as a whole also when two are applied at once, and others change things meanwhile', async () => {
    const yamlWith = (names: string[]): string =>
      `routes:\n${names.map((name) => `  - {name: ${name}, destination: Sandbox}`).join('\n')}`;
    const { body: destinations } = await gateway.api('GET', '/destinations');
    const answers = await Promise.all([
      desk.put(yamlWith(['a', 'b', 'c'])),
      desk.put(yamlWith(['c', 'd', 'a'])),
      desk.put(yamlWith(['e'])),
      ...['x', 'y', 'z'].map((name) =>
        gateway.api('POST', '/routes', { name, matchers: [], destination_id: destinations.data[0]?.['id'] }),
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 201, 201, 201]);
    const { body } = await gateway.api('GET', '/routes');
    const positions = body.data.map(({ position }) => Number(position)).sort((a, b) => a - b);
    expect(positions).toEqual(positions.map((_position, index) => index + 1));
  });
});
