import { type Answer, API_KEY, SandboxServer } from './testing/sandbox-server.js';

let server: SandboxServer;

beforeEach(async () => {
  server = await SandboxServer.start();
});

afterEach(() => server.stop());

describe('editing', () => {
  let ids: number[];

  beforeEach(async () => {
    server.open();
    ids = [
      await server.sent({ topic: 'a' }),
      await server.sent({ topic: 'A' }),
      await server.sent({ topic: 'b' }),
      await server.sent({ topic: 'a', to: 'other' }),
      await server.sent({ topic: 'a' }),
    ];
  });

  function edit(id: number | undefined, parameters: Record<string, string>): Promise<Answer> {
    return server.form('PATCH', `/api/v1/messages/${id}`, parameters);
  }

  async function topics(): Promise<string> {
    return (await server.found([])).map(({ subject }) => subject).join(' ');
  }

  it.each([
    [{}, 'a ✔ a b a a'],
    [{ propagate_mode: 'change_one' }, 'a ✔ a b a a'],
    [{ propagate_mode: 'change_later' }, 'a ✔ a b a ✔ a'],
    [{ propagate_mode: 'change_all' }, '✔ a ✔ a b a ✔ a'],
  ])('renames a topic: %j', async (mode: Record<string, string>, expected) => {
    const { status, body } = await edit(ids[1], { topic: '✔ a', send_notification_to_new_thread: 'false', ...mode });
    expect([status, body]).toEqual([200, { result: 'success', msg: '' }]);
    expect(await topics()).toBe(expected);
  });

  it('leaves the old name free: a message to it makes a new topic', async () => {
    await edit(ids[0], { topic: '✔ a', propagate_mode: 'change_all' });
    await server.sent({ topic: 'a' });
    expect(await topics()).toBe('✔ a ✔ a b a ✔ a a');
  });

  it('rewrites a message, as it would have been stored', async () => {
    expect((await edit(ids[0], { content: '\nNew @**topic** ' })).status).toBe(200);
    const message = await server.messageOf(ids[0] ?? 0);
    expect(message).toMatchObject({ content: 'New @**topic**', last_edit_timestamp: expect.any(Number) as number });
    expect(message.flags).toContain('topic_wildcard_mentioned');
    await edit(ids[0], { content: ' ' });
    expect((await server.messageOf(ids[0] ?? 0)).content).toBe('(deleted)');
  });

  it('leaves the content of another bot alone, not its topics', async () => {
    server.open({ email: 'second@sandbox.invalid' });
    const second = `second@sandbox.invalid:${API_KEY}`;
    const patch = (parameters: Record<string, string>): Promise<Answer> =>
      server.call('PATCH', `/api/v1/messages/${ids[0]}`, { body: new URLSearchParams(parameters) }, second);
    const { status, body } = await patch({ content: 'Mine now' });
    expect([status, body['msg']]).toEqual([400, "You don't have permission to edit this message"]);
    expect((await patch({ topic: 'c' })).status).toBe(200);
  });

  it.each([
    [{}, 'Nothing to change'],
    [{ propagate_mode: 'change_all' }, 'Nothing to change'],
    [{ content: 'x', propagate_mode: 'change_all' }, 'Invalid propagate_mode without topic edit'],
    [{ topic: 'x', propagate_mode: 'some' }, 'Invalid propagate_mode'],
    [{ topic: ' ' }, "Topic can't be empty!"],
    [{ topic: 'x', content: 'a\0b' }, 'Message must not contain null bytes'],
    [{ stream_id: '2' }, 'The sandbox does not move messages between channels.'],
  ])('refuses %j', async (parameters: Record<string, string>, msg) => {
    expect((await edit(ids[0], parameters)).body).toEqual({ result: 'error', msg, code: 'BAD_REQUEST' });
    expect(await topics()).toBe('a A b a a');
  });

  it('refuses a message that is not there', async () => {
    expect((await edit(1, { topic: 'x' })).body).toMatchObject({ msg: 'Invalid message(s)', code: 'BAD_REQUEST' });
    expect((await server.form('PATCH', '/api/v1/messages/x', { topic: 'x' })).status).toBe(400);
  });
});
