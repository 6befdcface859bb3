import { API_KEY, EMAIL, SandboxServer } from '../../sandbox/testing/sandbox-server.js';
import type { ComposedMessage, Doubt } from '../notifier.js';
import { makeZulipNotifier, zulipDestination, type ZulipUnderTest } from '../testing/zulip-under-test.js';

const LIMIT_MS = 20_000;
const MESSAGE: ComposedMessage = { channel: 'support', topic: '#9 Test Subject', content: 'Hello\n> línea 😀 \n' };

/** The notifier and the sandbox share no code: what they agree on is Zulip's API. */
describe('the notifier and the sandbox', () => {
  let underTest: ZulipUnderTest;
  let server: SandboxServer;
  const destination = (): ReturnType<typeof zulipDestination> =>
    zulipDestination(server.url, API_KEY, 'support', EMAIL);

  beforeAll(() => {
    underTest = makeZulipNotifier();
  });
  afterAll(() => underTest.close());
  beforeEach(async () => {
    server = await SandboxServer.start();
    server.open();
  });
  afterEach(() => server.stop());

  async function send(message = MESSAGE): Promise<number> {
    const outcome = await underTest.notifier.send(message, destination(), LIMIT_MS);
    expect(outcome).toMatchObject({ outcome: 'sent', rate: { limit: 1_000 } });
    return outcome.outcome === 'sent' ? (outcome.messageId ?? 0) : 0;
  }

  async function lookUp(newerThan: number | null, message = MESSAGE): Promise<number[]> {
    const doubt: Doubt = { message, startedAt: server.clock.now(), newerThan };
    const outcome = await underTest.notifier.lookUp(doubt, destination(), LIMIT_MS);
    if (outcome.outcome !== 'looked') throw new Error(JSON.stringify(outcome));
    return outcome.messageIds;
  }

  it('find two equal messages, and not the one before', async () => {
    const before = await send();
    const [first, second] = [await send(), await send()];
    expect(await lookUp(before)).toEqual([first, second]);
    expect(await lookUp(second)).toEqual([]);
  });

  it('find by time where no message was known', async () => {
    await send();
    server.clock.advance(10_000);
    const sent = await send();
    expect(await lookUp(null)).toEqual([sent]);
  });

  it('find a message whose topic was renamed, in a channel named by its id', async () => {
    const before = await send();
    const sent = await send({ ...MESSAGE, topic: '#10' });
    const { topics } = underTest.notifier;
    await topics.setResolved(sent, '#10', true, destination(), LIMIT_MS);
    expect(await lookUp(before, { ...MESSAGE, topic: '#10' })).toEqual([sent]);
    expect(await lookUp(before, { ...MESSAGE, channel: '1' })).toEqual([sent]);
    expect(await lookUp(before, { ...MESSAGE, channel: 'billing' })).toEqual([]);
  });

  it('page through many', async () => {
    const before = await send({ ...MESSAGE, content: 'the first' });
    for (let count = 0; count < 450; count++) server.sandbox.send({ id: 1, email: EMAIL }, form(String(count)));
    expect(await lookUp(before, { ...MESSAGE, content: '449' })).toEqual([before + 450]);
    expect(await lookUp(null, { ...MESSAGE, content: '0' })).toEqual([before + 1]);
  });

  it('resolve, find and reopen a topic', async () => {
    const first = await send();
    const second = await send();
    const { topics } = underTest.notifier;
    const resolved = await topics.setResolved(second, MESSAGE.topic, true, destination(), LIMIT_MS);
    expect(resolved).toMatchObject({ outcome: 'done', topic: '✔ #9 Test Subject' });
    expect(await topics.find(first, destination(), LIMIT_MS)).toMatchObject({
      outcome: 'found',
      topic: '✔ #9 Test Subject',
    });
    expect(topics.isResolved('✔ #9 Test Subject')).toBe(true);
    const reopened = await topics.setResolved(first, '✔ #9 Test Subject', false, destination(), LIMIT_MS);
    expect(reopened).toMatchObject({ outcome: 'done', topic: '#9 Test Subject' });
    expect((await server.messageOf(second)).subject).toBe('#9 Test Subject');
  });

  it('agree on what is not there', async () => {
    const { topics } = underTest.notifier;
    expect(await topics.find(1, destination(), LIMIT_MS)).toMatchObject({ outcome: 'gone' });
    expect(await topics.setResolved(1, 'a', true, destination(), LIMIT_MS)).toMatchObject({
      outcome: 'rejected',
      reason: 'invalid',
    });
    const doubt: Doubt = { message: { ...MESSAGE, channel: 'missing-x' }, startedAt: new Date(), newerThan: 1 };
    expect(await underTest.notifier.lookUp(doubt, destination(), LIMIT_MS)).toMatchObject({ outcome: 'not_allowed' });
  });

  it('agree on the rate', async () => {
    server.open({ rateLimit: 1 });
    const outcome = await underTest.notifier.send(MESSAGE, destination(), LIMIT_MS);
    expect(outcome.rate).toEqual({ limit: 1, remaining: 0 });
    const doubt: Doubt = { message: MESSAGE, startedAt: new Date(), newerThan: 1 };
    expect(await underTest.notifier.lookUp(doubt, destination(), LIMIT_MS)).toMatchObject({
      outcome: 'retry',
      reason: 'rate_limited',
      retryAfterSeconds: 60,
    });
  });
});

function form(content: string): { type: string; to: string; topic: string; content: string } {
  return { type: 'stream', to: 'support', topic: '#9 Test Subject', content };
}
