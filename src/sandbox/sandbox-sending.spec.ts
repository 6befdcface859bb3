import { EMAIL, SandboxServer } from './testing/sandbox-server.js';

let server: SandboxServer;

beforeEach(async () => {
  server = await SandboxServer.start();
});

afterEach(() => server.stop());

describe('sending', () => {
  beforeEach(() => {
    server.open();
  });

  it('keeps the message in the form in which Zulip does', async () => {
    const id = await server.sent({ topic: ' #9 Test Subject ', content: '\n\n  Hello & <b>\nthere\u00a0 \n ' });
    expect(await server.messageOf(id)).toEqual({
      id,
      type: 'stream',
      sender_id: 1,
      sender_email: EMAIL,
      sender_full_name: 'Sandbox bot',
      is_me_message: false,
      display_recipient: 'support',
      recipient_id: 1,
      stream_id: 1,
      subject: '#9 Test Subject',
      content: '  Hello & <b>\nthere',
      content_type: 'text/x-markdown',
      timestamp: Math.floor(server.clock.now().getTime() / 1_000),
      flags: ['read'],
      reactions: [],
      submessages: [],
      topic_links: [],
    });
    const { body } = await server.get('/api/v1/messages', { anchor: String(id) });
    expect(body['messages']).toMatchObject([
      { content: '<p>  Hello &amp; &lt;b&gt;<br>\nthere</p>', content_type: 'text/html' },
    ]);
  });

  it('cuts silently what is too long, in code points', async () => {
    const fits = await server.sent({ content: '😀'.repeat(10_000), topic: '😀'.repeat(60) });
    expect(await server.messageOf(fits)).toMatchObject({ content: '😀'.repeat(10_000), subject: '😀'.repeat(60) });
    const cut = await server.messageOf(await server.sent({ content: '😀'.repeat(10_001), topic: '😀'.repeat(61) }));
    expect(cut.content).toBe(`${'😀'.repeat(9_980)}\n[message truncated]`);
    expect(cut.subject).toBe(`${'😀'.repeat(57)}...`);
  });

  it.each([
    [{ content: ' \n\t' }, 'Message must not be empty'],
    [{ content: 'a\0b' }, 'Message must not contain null bytes'],
    [{ topic: ' ' }, "Topic can't be empty!"],
    [{ topic: '😀 \u0007' }, 'Invalid character in topic, at position 3!'],
    [{ topic: 'a\nb' }, 'Invalid character in topic, at position 2!'],
    [{ topic: 'a\ufdd0' }, 'Invalid character in topic, at position 2!'],
    [{ type: 'direct', to: '[9]' }, 'The sandbox takes messages to channels only.'],
    [{ type: 'smoke signal' }, 'Invalid type'],
    [{ to: '' }, 'Missing channel'],
    [{ to: '["a","b"]' }, 'Expected exactly one channel'],
    [{ to: '{"name":"a"}' }, 'Invalid data type for channel'],
    [{ to: '" "' }, "Channel name can't be empty."],
    [{ to: 'x'.repeat(61) }, 'Channel name too long (limit: 60 characters).'],
  ])('refuses %j', async (parameters: Record<string, string>, msg) => {
    const { status, body } = await server.send(parameters);
    expect([status, body]).toEqual([400, { result: 'error', msg, code: 'BAD_REQUEST' }]);
    expect(await server.found([])).toEqual([]);
  });

  it.each(['type', 'content'])('refuses a message without %s', async (missing) => {
    const parameters = new URLSearchParams({ type: 'stream', to: 'support', topic: 't', content: 'c' });
    parameters.delete(missing);
    const { status, body } = await server.call('POST', '/api/v1/messages', { body: parameters });
    expect([status, body]).toEqual([
      400,
      {
        result: 'error',
        msg: `Missing '${missing}' argument`,
        code: 'REQUEST_VARIABLE_MISSING',
        var_name: missing,
      },
    ]);
  });

  it('understands no JSON', async () => {
    const message = { type: 'stream', to: 'support', topic: 't', content: 'c' };
    const { status, body } = await server.call('POST', '/api/v1/messages', {
      body: JSON.stringify(message),
      headers: { 'content-type': 'application/json' },
    });
    expect([status, body['code'], body['msg']]).toEqual([400, 'REQUEST_VARIABLE_MISSING', "Missing 'type' argument"]);
  });

  it('keeps texts whole that look like forms, lists and escapes', async () => {
    const content = 'a[b]=c&d=e%20f+g; [x]: "ü" 漢 😀';
    expect((await server.messageOf(await server.sent({ content }))).content).toBe(content);
  });

  it('finds a channel by name in any case, by JSON, and by id', async () => {
    const ids = [
      await server.sent({ to: 'Support' }),
      await server.sent({ to: '"SUPPORT"' }),
      await server.sent({ to: '["support"]' }),
      await server.sent({ to: '1', type: 'channel' }),
    ];
    const messages = await server.found([{ operator: 'stream', operand: 1 }]);
    expect(messages.map(({ id, display_recipient }) => [id, display_recipient])).toEqual(
      ids.map((id) => [id, 'Support']),
    );
  });

  it.each([
    ['missing-channel', { msg: "Channel 'missing-channel' does not exist", stream: 'missing-channel' }],
    ['Missing-Two', { msg: "Channel 'Missing-Two' does not exist", stream: 'Missing-Two' }],
    ['77', { msg: "Channel with ID '77' does not exist", stream_id: 77 }],
  ])('refuses the channel %s', async (to, details) => {
    const { status, body } = await server.send({ to });
    expect([status, body]).toEqual([400, { result: 'error', code: 'STREAM_DOES_NOT_EXIST', ...details }]);
  });

  it('knows only the channels of a list, where there is one', async () => {
    server.open({ channels: ['support', 'missing-but-listed'] });
    await server.sent({ to: 'support' });
    await server.sent({ to: 'missing-but-listed' });
    expect((await server.send({ to: 'sales' })).body).toMatchObject({ code: 'STREAM_DOES_NOT_EXIST' });
  });

  it('tells live wildcard mentions', async () => {
    expect((await server.messageOf(await server.sent({ content: 'Hi @**all**' }))).flags).toEqual([
      'read',
      'stream_wildcard_mentioned',
      'wildcard_mentioned',
    ]);
    expect((await server.messageOf(await server.sent({ content: '> @**all**\n\n`@**all**`' }))).flags).toEqual([
      'read',
    ]);
  });
});

it('is the same in an application with the body parsers of Nest', async () => {
  await server.stop();
  server = await SandboxServer.start('of Nest');
  server.open();
  expect((await server.messageOf(await server.sent({ content: 'a[b]=c & d' }))).content).toBe('a[b]=c & d');
  const json = await server.call('POST', '/api/v1/messages', {
    body: '{"type":"stream","to":"support","topic":"t","content":"c"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(json.body['code']).toBe('REQUEST_VARIABLE_MISSING');
});
