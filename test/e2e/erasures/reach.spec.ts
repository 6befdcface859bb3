import { call } from '../../support/test-gateway.js';
import { ErasureDesk } from './erasure-desk.js';

const EMAIL = 'ann@example.com';

describe('what an erasure reaches', () => {
  let erasures: ErasureDesk;

  beforeEach(async () => {
    erasures = await ErasureDesk.start();
  });

  afterEach(() => erasures.stop());

  const rejected = (body: string | Buffer, headers: Record<string, string> = {}): Promise<unknown> =>
    call(erasures.desk.gateway.hookUrl('groove'), { method: 'POST', headers, body });
  const bodies = async (): Promise<string[]> =>
    (
      await erasures.sql(`select encode(raw_body, 'escape') as body from events where raw_body is not null order by id`)
    ).map(({ body }) => String(body));

  it('is every body that was kept, however it is written', async () => {
    const utf16 = (text: string): Buffer => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
    await rejected('nonsense ANN%40Example.com');
    await rejected(String.raw`{"a": "ann\u0040example.com`);
    await rejected(String.raw`{"a": "Hello\nann@example.com`);
    await rejected('<mail>ann&#64;example.com</mail>');
    await rejected(Buffer.concat([Buffer.of(0xe9, 0x00, 0xff), Buffer.from(' ann@example.com')]));
    await rejected(utf16('an attachment of ann@example.com'));
    await rejected('an empty thing', { 'x-forwarded-mail': EMAIL });
    const kept = ['joann@example.com {', 'ann@example.com.au {', 'jo+ann@example.com {', 'ann at example.com {'];
    for (const body of kept) await rejected(body);
    await rejected(utf16('of joann@example.com'));
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ events: 7, raw_bodies: 7 });
    expect((await bodies()).slice(0, kept.length)).toEqual(kept);
    expect(await bodies()).toHaveLength(kept.length + 1);
  });

  it('is all events of a webhook that share its body', async () => {
    await erasures.post('generic', 'freshdesk.status__and-priority');
    await erasures.settle();
    const events = await erasures.sql('select id, webhook_id, event from events order by id');
    expect(events).toHaveLength(2);
    const [first] = events;
    await erasures.sql('update events set raw_body = $2 where id = $1', [first?.['id'], Buffer.from(`to=${EMAIL}`)]);
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ events: 1, raw_bodies: 1, deliveries: 2 });
    expect(await bodies()).toEqual([]);
    expect(await erasures.sql('select event from events order by id')).toEqual(events.map(({ event }) => ({ event })));
  });

  it('is what a helpdesk’s API told before sending, which stands in the delivery alone', async () => {
    const [hers, others] = [
      await erasures.reply(1, 'x@example.com', 'a'),
      await erasures.reply(2, 'y@example.com', 'b'),
    ];
    await erasures.settle();
    const say = 'update deliveries set content = $2 where event_id = $1';
    await erasures.sql(say, [hers, `${EMAIL} replied`]);
    await erasures.sql(say, [others, `jo.${EMAIL} replied`]);
    expect((await erasures.erase(EMAIL)).body).toMatchObject({ events: 1, deliveries: 1 });
    expect(await erasures.sql('select content from deliveries order by id')).toEqual([
      { content: '[erased]' },
      { content: `jo.${EMAIL} replied` },
    ]);
  });

  it('is, of an agent, what they did; their customers’ tickets keep their topics', async () => {
    await erasures.desk.gateway.groove('ticket_started', {
      number: 3,
      title: 'Printer',
      links: { customer: { href: '/v1/customers/bob@example.com' } },
      customer_name: 'Bob',
    });
    await erasures.desk.gateway.groove('agent_replied', {
      id: 'r',
      plain_text_body: 'Turn it on.',
      agent_response: true,
      links: { ticket: { href: '/v1/tickets/3' }, author: { href: `/v1/agents/${EMAIL}` } },
    });
    await erasures.settle();
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ events: 1, deliveries: 1, threads: 0 });
    expect(await erasures.sql('select topic from threads')).toEqual([{ topic: '#3 Printer' }]);
    const [asked, answered] = await erasures.sql('select event from events order by id');
    expect(asked).toMatchObject({ event: { ticket: { title: 'Printer', requester: { email: 'bob@example.com' } } } });
    expect(answered).toMatchObject({
      event: { message: { text: '[erased]' }, actor: { name: '[erased]', kind: 'agent' } },
    });
  });

  it('is a topic that others share only where it names the person', async () => {
    const { gateway } = erasures.desk;
    const [destination] = (await gateway.api('GET', '/destinations')).body.data;
    const route = { destination_id: destination?.['id'], matchers: [] };
    const at = { name: 'Both', position: 1, ...route };
    await gateway.api('POST', '/routes', { ...at, settings: { topic: 'Desk' } });
    await gateway.api('POST', '/routes', { ...at, name: 'Hers', settings: { topic: 'For {{ actor.email }}' } });
    await erasures.reply(1, EMAIL, 'a');
    await erasures.reply(2, 'bob@example.com', 'b');
    await erasures.settle();
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ events: 1, deliveries: 3 });
    const left = await erasures.sql(`select name from topics order by name`);
    expect(left.map(({ name }) => name)).toEqual(['#2', 'Desk', 'For bob@example.com']);
  });

  it('is, of a ticket of the store that only mentions the person, the mention', async () => {
    const { gateway } = erasures.desk;
    await call(`${gateway.url}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.adminKey}` },
      body: JSON.stringify({ ticket_message: `Call ${EMAIL}, not jo${EMAIL}` }),
    });
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ events: 1, tickets: 1 });
    const said = `Call [erased], not jo${EMAIL}`;
    expect(await erasures.sql('select title, description, version from tickets')).toEqual([
      { title: said, description: said, version: 2 },
    ]);
  });

  it('is a key of a ticket that is the person, wherever it orders or finds', async () => {
    const { gateway } = erasures.desk;
    const { body: source } = await gateway.api('POST', '/sources', {
      name: 'Own',
      provider: 'generic',
      settings: {
        mapping: { type: 'ticket.created', 'ticket.key': '{{ body.who }}', 'ticket.title': '{{ body.what }}' },
      },
    });
    const headers = { 'content-type': 'application/json' };
    const posted = JSON.stringify({ who: EMAIL, what: 'Hello' });
    const { status } = await call(String(source['hook_url']), { method: 'POST', headers, body: posted });
    expect(status).toBe(202);
    await erasures.settle();
    await erasures.erase(EMAIL);
    expect(await erasures.search(['ann@example'])).toEqual([]);
    const [delivery] = await erasures.sql('select ticket_key, lane from deliveries');
    expect(delivery).toEqual({ ticket_key: '[erased]', lane: `${String(source['id'])}/[erased]` });
  });

  it('is a long log, step by step, with many events of the same instant', async () => {
    await erasures.reply(1, EMAIL, 'one of many');
    await erasures.sql(
      `insert into events (id, webhook_id, source_id, outcome, type, native_type, received_at, event)
       select made.id, made.id, e.source_id, 'accepted', e.type, e.native_type, e.received_at,
              jsonb_set(e.event, '{actor,email}', to_jsonb(case when n % 2 = 0 then 'ann@example.com' else 'joann@example.com' end))
       from events e, generate_series(1, 3000) n,
            lateral (select (substr(e.id::text, 1, 14) || '7999-9999-' || lpad(n::text, 12, '0'))::uuid as id) made`,
    );
    const [expected] = await erasures.sql(
      `select count(*)::int as count from events where event -> 'actor' ->> 'email' = 'ann@example.com'`,
    );
    const { body } = await erasures.erase(EMAIL);
    expect(body['events']).toBe(expected?.['count']);
    expect(Number(body['events'])).toBeGreaterThan(1_000);
    const [left] = await erasures.sql(
      `select count(*) filter (where event -> 'actor' ->> 'name' = '[erased]')::int as erased,
              count(*) filter (where event -> 'actor' ->> 'email' = 'joann@example.com')::int as others
       from events`,
    );
    expect(left).toEqual({ erased: expected?.['count'], others: 1_500 });
  });
});
