import type { Answer } from '../../support/test-gateway.js';
import { ErasureDesk } from './erasure-desk.js';

type Row = Record<string, unknown>;

const EMAIL = 'grace.hopper@example.com';
/** Grace's address and name, and half of either. */
const GRACE = ['grace', 'hopper', 'cobol', 'nanosecond'];
/** In the words that both people's webhooks have in common. */
const ADA = {
  'requester%40example.com': 'ada%40example.com',
  'Customer+One': 'Ada+Lovelace',
  '=Customer&': '=Ada&',
  'customer@example.lcom': 'ada@example.com',
  'Test Name': 'Ada Lovelace',
  'Test Subject': 'The engine weaves',
  'rambo@example.com': 'ada@example.com',
};
const HERS = {
  'requester%40example.com': 'Grace.Hopper%40Example.com',
  'Customer+One': 'Grace+Hopper',
  '=Customer&': '=Grace&',
  '=One&': '=Hopper&',
  'customer@example.lcom': EMAIL,
  'Test Name': 'Grace Hopper',
  'Test Subject': 'COBOL does not compile',
  'rambo@example.com': EMAIL,
};

/** The facts of deliveries. */
const FACTS = `
  select id, event_id, source_id, route_id, destination_id, type, state, attempts, tries, channel, message_id, reason,
         created_at, finished_at
  from deliveries
  order by id`;

describe('the erasure of a person', () => {
  let erasures: ErasureDesk;
  /** Events of others. */
  const ofAda: string[] = [];
  /** The one delivery of Ada's that leads a message which Grace's is joined to. */
  let leading: string;
  let answer: Answer;

  const idOf = ({ body }: Answer): string => String((body['event_ids'] as string[])[0]);

  beforeAll(async () => {
    erasures = await ErasureDesk.start({ max_requests_per_minute: 20 });
    const { gateway } = erasures.desk;
    await postJoined();
    await postAda();
    await postGrace();
    await erasures.settle();
    const mine = { name: 'Bot', kind: 'zulip', secrets: { api_key: 'k' } };
    const settings = { site: erasures.desk.zulip.site, email: EMAIL, channel: 'x' };
    const made = await gateway.api('POST', '/destinations', { ...mine, settings }, undefined, {
      'idempotency-key': 'a',
    });
    await gateway.api('PATCH', `/destinations/${String(made.body['id'])}`, {
      settings: { email: 'bot2@example.com' },
      secrets: { api_key: 'k' },
    });
  });

  afterAll(() => erasures.stop());

  /** Two people's words in one message. */
  const postJoined = async (): Promise<void> => {
    const { gateway } = erasures.desk;
    const destinations = (await gateway.api('GET', '/destinations')).body.data;
    const route = { name: 'Desk', position: 1, destination_id: destinations[0]?.['id'] };
    const matchers = [{ field: 'message.text', op: 'matches', value: 'joined' }];
    await gateway.api('POST', '/routes', { ...route, matchers, settings: { topic: 'Desk', stop: true } });
    await erasures.useUpTheRate();
    leading = await erasures.reply(71, 'ada@example.com', 'joined: of the engine');
    await erasures.reply(72, EMAIL, 'joined: a nanosecond of wire');
    ofAda.push(leading);
    await erasures.settle();
  };

  const postAda = async (): Promise<void> => {
    ofAda.push(
      idOf(
        await erasures.post('groove', 'ticket_started__real', {
          ...ADA,
          '"number":9': '"number":8',
          'tickets/9"': 'tickets/8"',
        }),
      ),
      idOf(await erasures.post('groove', 'customer_replied__real', { ...ADA, 'tickets/440': 'tickets/8' })),
      idOf(await erasures.post('faveo', 'ticket_created__form', ADA)),
      idOf(await erasures.post('ticket-service', 'ticket_opened__form', { '=17&': '=18&' })),
    );
  };

  const postGrace = async (): Promise<void> => {
    const { gateway, zulip } = erasures.desk;
    const hook = { name: 'CRM', kind: 'webhook', settings: { url: erasures.receiver.url } };
    const { body: crm } = await gateway.api('POST', '/destinations', hook);
    const toCrm = { name: 'To CRM', destination_id: crm['id'], position: 1, settings: {} };
    const matchers = [{ field: 'ticket.key', op: 'eq', value: '9' }];
    await gateway.api('POST', '/routes', { ...toCrm, matchers });
    // Zulip refuses a message, and says it again in its answer.
    const refused = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'Grace Hopper?' } };
    zulip.answerBy(({ content }) => (content.includes('poison') ? refused : undefined));
    await erasures.post('groove', 'ticket_started__real', HERS);
    await erasures.post('groove', 'ticket_started__real', HERS);
    await erasures.post('groove', 'customer_replied__real', {
      ...HERS,
      'tickets/440': 'tickets/9',
      'Hello agent': 'Grace here',
    });
    await gateway.groove('ticket_closed', { number: 9, title: 'COBOL does not compile', state: 'closed' });
    await erasures.reply(9, EMAIL, 'poison');
    await erasures.post('faveo', 'ticket_created__form', { ...HERS, 'ticket%5Bid%5D=10': 'ticket%5Bid%5D=11' });
    await erasures.post('ticket-service', 'ticket_opened__with-ticket', {
      'User cannot access the dashboard.': `Grace Hopper (${EMAIL}) cannot, nor can Ada.`,
    });
    // Rejected, unsupported, and one whose address is escaped.
    await gateway.groove('ticket_started', `{"customer": "${EMAIL}`);
    await gateway.groove('ticket_exploded', `{"customer": "${EMAIL.replace('@', String.raw`\u0040`)}"}`);
    const { body: sources } = await gateway.api('GET', '/sources');
    const generic = sources.data.find(({ provider }) => provider === 'generic');
    const key = await gateway.api('POST', '/api-keys', { name: 'In', role: 'ingest', source_id: generic?.['id'] });
    const ticket = { subject: 'Moth in relay', description: 'By Grace.', priority: 'high', customer_email: EMAIL };
    await fetch(`${gateway.url}/api/integrations/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': String(key.body['key']) },
      body: JSON.stringify(ticket),
    });
  };

  /** All rows of Ada's, as they stand; but what the joined message said in all. */
  const rowsOfAda = (): Promise<Row[]> =>
    erasures.sql(
      `select e::text as row from events e where id = any ($1)
       union all select d::text from deliveries d where event_id = any ($1)
       union all select (to_jsonb(a) - 'content')::text from attempts a join deliveries d on d.id = a.delivery_id
                 where d.event_id = any ($1)
       union all select t::text from threads t join events e using (source_id, ticket_key) where e.id = any ($1)
       union all select t::text from topics t join events e using (source_id, ticket_key) where e.id = any ($1)
       union all select w::text from event_words w where id = any ($1)
       union all select w::text from delivery_words w join deliveries d on d.id = w.id where d.event_id = any ($1)
       order by 1`,
      [ofAda],
    );

  it('says first what it would do, and changes nothing', async () => {
    expect((await erasures.search(GRACE)).length).toBeGreaterThan(30);
    const before = await erasures.hashes();
    const { status, body } = await erasures.erase(EMAIL, { dry_run: true });
    expect([status, body]).toEqual([200, expect.objectContaining({ dry_run: true, complete: true, events: 11 })]);
    expect(await erasures.hashes()).toEqual(before);
  });

  it('leaves neither address nor name in any table, and of others every byte', async () => {
    const [facts, ada, before] = [await erasures.sql(FACTS), await rowsOfAda(), await erasures.search(['moth'])];
    expect(before).not.toEqual([]);
    const { body: announced } = await erasures.erase(EMAIL, { dry_run: true });
    answer = await erasures.erase(EMAIL.toUpperCase());
    expect([answer.status, answer.body]).toEqual([200, { ...announced, dry_run: false }]);
    expect(await erasures.search([...GRACE, 'moth'])).toEqual([]);
    expect(await rowsOfAda()).toEqual(ada);
    expect(await erasures.sql(FACTS)).toEqual(facts);
  });

  it('empties what a message said that another delivery led, and leaves what the receiver said', async () => {
    const [lead] = await erasures.sql(
      `select a.content, a.response from attempts a join deliveries d on d.id = a.delivery_id
       where d.event_id = $1 and a.joined_id = a.id and a.outcome = 'sent'`,
      [leading],
    );
    expect(lead).toEqual({ content: '[erased]', response: expect.stringContaining('success') });
  });

  it('answers what is left to be deleted elsewhere', () => {
    const { taken } = erasures.desk.zulip;
    const hers = taken.filter(({ content }) => /grace|hopper|cobol|nanosecond|moth/i.test(content));
    expect(hers.length).toBeGreaterThan(4);
    const joined = hers.filter(({ content }) => content.includes('\n---\n')).map(({ id }) => id);
    expect(joined).toContain(taken.find(({ content }) => content.includes('nanosecond'))?.id);
    expect(answer.body).toEqual({
      dry_run: false,
      complete: true,
      events: 11,
      raw_bodies: 11,
      deliveries: expect.any(Number),
      attempts: expect.any(Number),
      threads: expect.any(Number),
      tickets: 1,
      changes: 2,
      cancelled: 0,
      in_flight: 0,
      messages: [
        {
          destination_id: expect.any(String),
          destination: 'Scripted',
          channel: 'support',
          message_ids: hers.map(({ id }) => id),
          joined_message_ids: joined,
          uncertain: 0,
        },
      ],
      receivers: [
        { destination_id: expect.any(String), destination: 'CRM', deliveries: erasures.receiver.heard.length },
      ],
    });
    expect(erasures.receiver.heard.length).toBeGreaterThan(2);
  });

  it('is on record with its counts, and without the person', async () => {
    const { dry_run: _dry, messages: _messages, receivers: _receivers, ...counts } = answer.body;
    const { body } = await erasures.desk.gateway.api('GET', '/changes?kind=person&action=erase');
    expect(body.data).toEqual([
      {
        id: expect.any(String),
        request_id: expect.any(String),
        at: expect.any(String),
        by: { via: 'api', key_id: expect.any(String), key_name: 'ADMIN_API_KEY', address: '127.0.0.1' },
        action: 'erase',
        subject: { kind: 'person', id: expect.any(String), name: 'erased person' },
        before: null,
        after: counts,
      },
    ]);
  });

  it('shows of an event what is left', async () => {
    const { body } = await erasures.desk.gateway.api('GET', '/events?ticket=9&type=ticket.created&outcome=accepted');
    const [event] = body.data;
    expect(event).toMatchObject({
      ticket: { key: '9', title: '[erased]', requester: { name: '[erased]' }, priority: { native: 'low' } },
      message: { text: '[erased]', is_internal: false },
    });
    const whole = await erasures.desk.gateway.api('GET', `/events/${String(event?.['id'])}?include=raw,deliveries`);
    expect(whole.body).toMatchObject({
      raw: null,
      deliveries: [
        { state: 'delivered', topic: expect.anything(), content: '[erased]' },
        {
          state: 'delivered',
          channel: 'support',
          topic: '[erased]',
          content: '[erased]',
          message_id: expect.any(Number),
        },
      ],
    });
  });

  it('leaves only her out of what somebody else wrote', async () => {
    const { body } = await erasures.desk.gateway.api('GET', '/events?native_type=ticket_opened&limit=1');
    expect(body.data).toMatchObject([{ message: { text: '[erased] ([erased]) cannot, nor can Ada.' } }]);
  });

  it('finds nothing when it is asked for again, nor of one who was never there', async () => {
    for (const email of [EMAIL, 'nobody@example.com']) {
      const { status, body } = await erasures.erase(email);
      const { messages, receivers, dry_run: isDryRun, complete, ...counts } = body;
      expect([status, messages, receivers, isDryRun, complete]).toEqual([200, [], [], false, true]);
      expect(new Set(Object.values(counts))).toEqual(new Set([0]));
    }
  });

  it('has the next message of a ticket choose its topic anew', async () => {
    await erasures.desk.gateway.groove('ticket_opened', { number: 9, title: 'Back again', state: 'opened' });
    await erasures.settle();
    const [thread] = await erasures.sql(`select topic from threads where ticket_key = '9'`);
    expect(thread).toEqual({ topic: '#9 Back again' });
    expect(erasures.desk.zulip.taken.at(-1)?.topic).toBe('#9 Back again');
  });
});
