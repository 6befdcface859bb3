import { type Answer, TestGateway } from '../../support/test-gateway.js';

const NOBODY = '01890000-0000-7000-8000-000000000000';
const STARTED = { 'X-Groove-Event': 'ticket_started' };
const TICKET = { number: 9, title: 'Test Subject' };

describe('what POST /routes/preview refuses', () => {
  let gateway: TestGateway;
  let sourceId: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const sources = (await gateway.api('GET', '/sources')).body.data;
    sourceId = String(sources.find(({ provider }) => provider === 'groove')?.['id']);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const ask = (body: object): Promise<Answer> => gateway.api('POST', '/routes/preview', body);

  it.each<[string, object, number, string]>([
    ['none of the three', { body: TICKET }, 400, 'validation_failed'],
    ['two of the three', { provider: 'groove', event_id: NOBODY }, 400, 'validation_failed'],
    ['null for one', { provider: null }, 400, 'validation_failed'],
    ['an unknown field', { provider: 'groove', query: {} }, 400, 'validation_failed'],
    ['a body beside an event of the log', { event_id: NOBODY, body: TICKET }, 400, 'validation_failed'],
    ['a header that is no text', { provider: 'groove', headers: { a: 1 } }, 400, 'validation_failed'],
    ['a list of headers', { provider: 'groove', headers: [] }, 400, 'validation_failed'],
    ['an unknown setting', { provider: 'groove', settings: { colour: 'red' } }, 400, 'validation_failed'],
    [
      'a setting that is none',
      { source_id: '$source', settings: { deduplicate_seconds: -1 } },
      400,
      'validation_failed',
    ],
    ['an unknown provider', { provider: 'nosuch', body: TICKET }, 400, 'unknown_provider'],
    ['an unknown source', { source_id: NOBODY, body: TICKET }, 404, 'not_found'],
    ['an unknown event', { event_id: NOBODY }, 404, 'not_found'],
    ['a source that is no id', { source_id: 'x' }, 400, 'validation_failed'],
    ['no body', { provider: 'groove', headers: STARTED }, 400, 'unreadable_body'],
    ['a body that cannot be read', { provider: 'groove', headers: STARTED, body: '{' }, 400, 'unreadable_body'],
    ['a body without a name of its event', { provider: 'groove', body: TICKET }, 400, 'missing_event_name'],
    ['a body that says nothing', { provider: 'groove', headers: STARTED, body: null }, 400, 'invalid_payload'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await ask(JSON.parse(JSON.stringify(body).replace('$source', sourceId)) as object);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('says of an event of the log that became none what the hook said', async () => {
    const newest = async (): Promise<unknown> => (await gateway.api('GET', '/events?limit=1')).body.data[0]?.['id'];
    await gateway.groove('ticket_exploded', TICKET);
    const unsupported = await ask({ event_id: await newest() });
    expect([unsupported.status, unsupported.body]).toEqual([200, { events: [], unsupported: 'ticket_exploded' }]);
    const refused = await gateway.groove('ticket_started', { title: 'No number' });
    const answer = await ask({ event_id: await newest() });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_payload', detail: refused.body['detail'] });
  });

  it('is for admins', async () => {
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const answer = await gateway.api('POST', '/routes/preview', { event_id: NOBODY }, String(body['key']));
    expect(answer.status).toBe(403);
  });
});
