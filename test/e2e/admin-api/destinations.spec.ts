import { TestGateway } from '../../support/test-gateway.js';

const ZULIP = {
  kind: 'zulip',
  settings: { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' },
  secrets: { api_key: 'not-shown-again' },
};

describe('destinations', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it('takes a bot and never shows its key again', async () => {
    const { status, body, text } = await gateway.api('POST', '/destinations', { name: 'Chat', ...ZULIP });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Chat', kind: 'zulip', settings: ZULIP.settings });
    const { text: shown } = await gateway.api('GET', `/destinations/${String(body['id'])}`);
    expect(text + shown).not.toContain('not-shown-again');
  });

  it('takes a zuliprc in place of the account', async () => {
    const zuliprc = '[api]\nemail=rc-bot@example.com\nkey=not-shown-again\nsite=https://rc.example.com\n';
    const { body } = await gateway.api('POST', '/destinations', {
      name: 'By rc',
      kind: 'zulip',
      zuliprc,
      settings: { channel: 'support' },
    });
    expect(body['settings']).toEqual({
      channel: 'support',
      email: 'rc-bot@example.com',
      site: 'https://rc.example.com',
    });
  });

  it.each<[string, object]>([
    ['half an account', { name: 'x', kind: 'zulip', settings: { channel: 'c', site: 'https://chat.example.com' } }],
    ['a blank channel', { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, channel: '  ' } }],
    [
      'a zuliprc whose address is none',
      {
        name: 'x',
        kind: 'zulip',
        zuliprc: '[api]\nemail=zz\nkey=k\nsite=https://x.example\n',
        settings: { channel: 'c' },
      },
    ],
    ['no channel', { name: 'x', ...ZULIP, settings: { site: 'https://chat.example.com', email: 'bot@example.com' } }],
    [
      'a list of settings',
      { name: 'x', kind: 'zulip', zuliprc: '[api]\nemail=a@b.c\nkey=k\nsite=https://x.y\n', settings: [] },
    ],
    ['no settings', { name: 'x', kind: 'zulip', secrets: { api_key: 'k' } }],
    [
      'a site that is no web address',
      { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, site: 'ftp://chat.example.com' } },
    ],
    ['an unknown kind', { name: 'x', ...ZULIP, kind: 'pigeon' }],
    ['a broken zuliprc', { name: 'x', kind: 'zulip', zuliprc: 'nonsense', settings: { channel: 'c' } }],
    ['a zuliprc and an account', { name: 'x', ...ZULIP, zuliprc: '[api]\nemail=a@b.c\nkey=k\nsite=https://x.y\n' }],
    [
      'a retry schedule of words',
      { name: 'x', ...ZULIP, settings: { ...ZULIP.settings, retry_schedule_seconds: ['soon'] } },
    ],
  ])('refuses %s', async (_story, body) => {
    const answer = await gateway.api('POST', '/destinations', body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    expect(answer.text).not.toContain('not-shown-again');
  });
});
