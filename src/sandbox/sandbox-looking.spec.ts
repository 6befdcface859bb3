import { EMAIL, type FoundMessage, SandboxServer } from './testing/sandbox-server.js';

let server: SandboxServer;

beforeEach(async () => {
  server = await SandboxServer.start();
});

afterEach(() => server.stop());

describe('looking', () => {
  beforeEach(() => {
    server.open();
  });

  it('narrows by channel, topic, sender and id, negated too', async () => {
    const a = await server.sent({ to: 'a', topic: 'One' });
    const b = await server.sent({ to: 'a', topic: 'Two' });
    const c = await server.sent({ to: 'b', topic: 'ONE' });
    const ids = async (...narrow: unknown[]): Promise<number[]> => (await server.found(narrow)).map(({ id }) => id);
    expect(await ids()).toEqual([a, b, c]);
    expect(await ids({ operator: 'channel', operand: 'A' })).toEqual([a, b]);
    expect(await ids(['stream', 'b'])).toEqual([c]);
    expect(await ids({ operator: 'topic', operand: 'one' })).toEqual([a, c]);
    expect(await ids({ operator: 'topic', operand: 'one', negated: true })).toEqual([b]);
    expect(await ids({ operator: 'sender', operand: EMAIL.toUpperCase() })).toEqual([a, b, c]);
    expect(await ids({ operator: 'sender', operand: 1, negated: true })).toEqual([]);
    expect(await ids({ operator: 'id', operand: String(b) })).toEqual([b]);
    expect(await ids({ operator: 'channel', operand: 'a' }, { operator: 'topic', operand: 'two' })).toEqual([b]);
    expect(await ids({ operator: 'channel', operand: 'not used yet' })).toEqual([]);
  });

  it.each([
    ['[{"operator":"is","operand":"starred"}]', 'BAD_NARROW', 'Invalid narrow operator: unknown operator is'],
    [
      '[{"operator":"constructor","operand":"x"}]',
      'BAD_NARROW',
      'Invalid narrow operator: unknown operator constructor',
    ],
    ['[["channel","missing-x"]]', 'BAD_NARROW', 'Invalid narrow operator: unknown channel missing-x'],
    ['[["id","x"]]', 'BAD_NARROW', 'Invalid narrow operator: invalid message ID'],
    ['[{', 'BAD_REQUEST', 'narrow is not valid JSON'],
    ['{}', 'BAD_REQUEST', 'narrow is not a list'],
    ['[null]', 'BAD_REQUEST', 'narrow: an operator is missing'],
    ['[["topic"]]', 'BAD_REQUEST', 'narrow: an operand is missing'],
  ])('refuses the narrow %s', async (narrow, code, msg) => {
    const { status, body } = await server.look({ narrow });
    expect([status, body['code'], body['msg']]).toEqual([400, code, msg]);
  });

  it('cuts windows around an anchor', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) ids.push(await server.sent({ content: String(count) }));
    const [, second = 0, third = 0] = ids;
    const window = async (anchor: string, before: number, after: number, more = {}): Promise<unknown> => {
      const query = {
        anchor,
        num_before: String(before),
        num_after: String(after),
        apply_markdown: 'false',
        ...more,
      };
      const { body } = await server.get('/api/v1/messages', query);
      const messages = body['messages'] as FoundMessage[];
      const ends = ['oldest', 'anchor', 'newest'].filter((end) => body[`found_${end}`] === true);
      return [messages.map(({ content }) => content).join(''), ends.join(' ')];
    };
    expect(await window('newest', 2, 0)).toEqual(['34', 'newest']);
    expect(await window('newest', 9, 9)).toEqual(['01234', 'oldest newest']);
    expect(await window('oldest', 0, 2)).toEqual(['01', 'oldest']);
    expect(await window(String(third), 1, 1)).toEqual(['123', 'anchor']);
    expect(await window(String(third), 9, 0)).toEqual(['012', 'oldest anchor']);
    expect(await window(String(second), 0, 9)).toEqual(['1234', 'anchor newest']);
    expect(await window(String(second), 0, 9, { include_anchor: 'false' })).toEqual(['234', 'newest']);
    expect(await window(String(third), 0, 0)).toEqual(['2', 'anchor']);
    expect(await window('-1', 0, 1)).toEqual(['0', 'oldest']);
    expect((await server.look({ anchor: 'newest' })).body['anchor']).toBe(10_000_000_000_000_000);
  });

  it.each([
    [{ anchor: 'soon' }, 'Invalid anchor'],
    [{ num_before: '-1' }, 'num_before is not an integer'],
    [{ num_before: '5000', num_after: '1' }, 'Too many messages requested (maximum 5000).'],
    [{ apply_markdown: 'maybe' }, 'apply_markdown is not a boolean'],
  ])('refuses %j', async (query: Record<string, string>, msg) => {
    expect((await server.look(query)).body).toEqual({ result: 'error', msg, code: 'BAD_REQUEST' });
  });
});
