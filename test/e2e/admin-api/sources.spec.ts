import { TestGateway } from '../../support/test-gateway.js';

describe('sources', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it('makes a source whose hook URL is shown once and works', async () => {
    const { status, body } = await gateway.api('POST', '/sources', { name: 'Second Groove', provider: 'groove' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Second Groove',
      provider: 'groove',
      settings: {},
      disabled_at: null,
      previous_token_until: null,
      secret_unreadable: false,
      last_event_at: null,
      silent_since: null,
      version: 1,
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
