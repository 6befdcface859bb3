import { FakeClock } from '../../test/support/fake-clock.js';
import { SandboxZulip } from './sandbox-zulip.js';

const OPTIONS = { email: 'bot@sandbox.invalid', apiKey: 'key' };
const WHOLE = { anchor: 'oldest', includeAnchor: true, numBefore: 0, numAfter: 5_000 };

function open(clock: FakeClock): { sandbox: SandboxZulip; send: (content: string) => number } {
  const sandbox = new SandboxZulip(clock);
  sandbox.configure(OPTIONS);
  const { bot } = sandbox.admit(OPTIONS.email, OPTIONS.apiKey);
  return { sandbox, send: (content) => sandbox.send(bot, { type: 'stream', to: 'support', topic: 't', content }) };
}

it('keeps the last 1,000 messages', () => {
  const { sandbox, send } = open(new FakeClock());
  const ids = Array.from({ length: 1_003 }, (_, index) => send(String(index)));
  const { messages } = sandbox.fetch(undefined, WHOLE);
  expect(messages.map(({ id }) => id)).toEqual(ids.slice(3));
  expect(messages[0]?.content).toBe('3');
});

it('keeps as many messages as it is told to', () => {
  const { sandbox, send } = open(new FakeClock());
  sandbox.configure({ ...OPTIONS, mostMessages: 2 });
  const ids = ['a', 'b', 'c'].map(send);
  expect(sandbox.fetch(undefined, WHOLE).messages.map(({ id }) => id)).toEqual(ids.slice(1));
});

it('numbers messages upwards, also over a restart', () => {
  const clock = new FakeClock();
  const before = open(clock);
  const ids = [before.send('a'), before.send('b')];
  clock.advance(5_000);
  ids.push(open(clock).send('c'));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(new Set(ids).size).toBe(3);
});

it('keeps the messages when it is opened to another bot', () => {
  const { sandbox, send } = open(new FakeClock());
  send('kept');
  sandbox.configure({ ...OPTIONS, email: 'other@sandbox.invalid' });
  const [message] = sandbox.fetch(undefined, WHOLE).messages;
  expect(message).toMatchObject({ content: 'kept', sender: { id: 1, email: OPTIONS.email } });
  expect(sandbox.admit('other@sandbox.invalid', 'key').bot.id).toBe(2);
  expect(() => sandbox.admit(OPTIONS.email, 'key')).toThrow('Invalid API key');
});

it('makes at most 1,000 channels of its own', () => {
  const sandbox = new SandboxZulip(new FakeClock());
  for (let index = 0; index < 1_000; index += 1) sandbox.findChannel(`channel ${index}`);
  expect(() => sandbox.findChannel('one more')).toThrow("Channel 'one more' does not exist");
  expect(sandbox.findChannel('Channel 9').id).toBe(10);
});
