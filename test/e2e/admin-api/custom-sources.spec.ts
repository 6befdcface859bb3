import { type Answer, call, TestGateway } from '../../support/test-gateway.js';

const MAPPING = {
  type: '{% if body.reply %}message.agent_replied{% else %}ticket.{{ body.event }}{% endif %}',
  native_type: '{{ headers["x-event"] }}',
  deduplication_key: '{{ headers["x-delivery"] }}',
  'ticket.key': '{{ body.case.id }}',
  'ticket.title': '{{ body.case.subject }}',
  'ticket.url': 'https://cases.example.com/{{ body.case.id }}',
  'ticket.tags': '{{ body.case.labels | join: "," }}',
  'actor.name': '{{ body.by }}',
  'message.text': '{{ body.reply }}',
};

const HEADERS = { 'content-type': 'application/json', 'x-event': 'case.reply', 'x-delivery': 'd-1' };
const BODY = {
  by: 'Ada',
  reply: '<p>On <b>my</b> way, @all</p>',
  case: { id: 4711, subject: 'The printer *is* on fire', labels: ['vip', 'printer'] },
};

describe('a source that describes its own fields', () => {
  let gateway: TestGateway;
  let source: Answer['body'];

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const fields = { name: 'Casework', provider: 'generic', settings: { mapping: MAPPING } };
    source = (await gateway.api('POST', '/sources', fields)).body;
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(String(source['hook_url']), {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body: JSON.stringify(body),
    });

  it('makes an event and a message of it, encoded once and for all', async () => {
    const answer = await post(BODY);
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
    const [eventId] = answer.body['event_ids'] as string[];
    expect((await gateway.api('GET', `/events/${String(eventId)}`)).body).toMatchObject({
      type: 'message.agent_replied',
      native_type: 'case.reply',
      deduplication_key: 'd-1#0',
      ticket: {
        key: '4711',
        title: 'The printer *is* on fire',
        url: 'https://cases.example.com/4711',
        tags: ['vip', 'printer'],
      },
      actor: { name: 'Ada', kind: 'agent' },
      message: { text: 'On **my** way, @all', is_internal: false },
    });
    const [delivery] = await gateway.settledDeliveries(`&event_id=${String(eventId)}`);
    expect(delivery).toMatchObject({ state: 'delivered', topic: 'The printer *is* on fire' });
    const shown = await gateway.api('POST', '/routes/preview', { event_id: eventId });
    const [first] = shown.body['events'] as { routes: { content: string }[] }[];
    expect(first?.routes.map(({ content }) => content)).toEqual([delivery?.['content']]);
    expect((await post(BODY)).body).toMatchObject({ duplicate: true, event_ids: [eventId] });
  });

  it('names an event type that is none of ours', async () => {
    const answer = await post({ event: 'exploded', case: { id: 1 } }, { 'x-delivery': 'd-2' });
    expect([answer.status, answer.body]).toEqual([200, { event_ids: [], unsupported: 'ticket.exploded' }]);
  });

  it('refuses a webhook of which the mapping makes nothing', async () => {
    const answer = await post({ event: 'created' }, { 'x-delivery': 'd-3' });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_payload' });
  });

  it.each<[string, unknown, string]>([
    ['an unknown field', { 'ticket.colour': 'x', 'ticket.key': 'x' }, 'settings.mapping.ticket.colour'],
    ['a template that does not parse', { 'ticket.key': '{{ body.id' }, 'settings.mapping.ticket.key'],
    ['a mapping that could never say anything', {}, 'settings.mapping'],
    ['a list', [], 'settings.mapping'],
  ])('is not saved with %s, nor tried', async (_what, mapping, field) => {
    const settings = { mapping };
    const answers = [
      await gateway.api('POST', '/sources', { name: 'Wrong', provider: 'generic', settings }),
      await gateway.api('PATCH', `/sources/${String(source['id'])}`, { settings }),
      await gateway.api('POST', '/routes/preview', { provider: 'generic', body: BODY, settings }),
      await gateway.api('POST', '/routes/preview', { source_id: source['id'], body: BODY, settings }),
    ];
    for (const { status, body } of answers) {
      expect([status, body['code']]).toEqual([400, 'validation_failed']);
      expect((body['errors'] as { field: string }[]).map((error) => error.field)).toEqual([field]);
    }
  });

  it('can be tried before it is saved', async () => {
    const mapping = {
      type: 'ticket.closed',
      'ticket.key': '{{ body.case.id }}',
      'ticket.number': 'C-{{ body.case.id }}',
    };
    const subjects = [{ provider: 'generic' }, { source_id: source['id'] }];
    for (const subject of subjects) {
      const answer = await gateway.api('POST', '/routes/preview', { ...subject, body: BODY, settings: { mapping } });
      const [first] = answer.body['events'] as { event: unknown; routes: unknown[] }[];
      expect(first?.event).toMatchObject({ type: 'ticket.closed', ticket: { key: '4711', number: 'C-4711' } });
      expect(first?.routes).toEqual([
        expect.objectContaining({ topic: '#C-4711', content: 'A ticket has been closed\nTicket #C-4711' }),
      ]);
    }
  });

  it('says in the trial what a template did wrong', async () => {
    const mapping = { 'ticket.key': '1', 'ticket.title': '{% for i in (1..9999999) %}x{% endfor %}' };
    const answer = await gateway.api('POST', '/routes/preview', {
      provider: 'generic',
      body: BODY,
      settings: { mapping },
    });
    expect(answer.body).toMatchObject({
      status: 400,
      code: 'invalid_payload',
      detail: 'mapping.ticket.title: The template uses too much memory (line 1, column 1).',
    });
  });
});
