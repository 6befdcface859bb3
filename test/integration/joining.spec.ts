import { DeliveryEngine, wordsOf } from '../support/delivery-engine.js';
import { waitUntil } from '../support/wait-until.js';

const EARLIER_TICKETS = Array.from({ length: 10 }, (_, index) => 90 + index);
const LONGEST_CONTENT = 10_000;
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const limited = { status: 429, body: { result: 'error', code: 'RATE_LIMIT_HIT', msg: 'no', 'retry-after': 0.25 } };
const refused = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } };

describe('joining', () => {
  let engine: DeliveryEngine;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
  });

  afterEach(async () => {
    await engine.stop();
  });

  /** Twenty requests a minute, and the half that may go at once is gone: from here on one goes every few seconds. */
  const useUpTheRate = async (settings: object = {}): Promise<void> => {
    await engine.set({ max_requests_per_minute: 2 * EARLIER_TICKETS.length, ...settings });
    for (const ticket of EARLIER_TICKETS) await engine.reply(ticket, 'earlier');
    await engine.delivered(EARLIER_TICKETS.length);
    engine.zulip.taken.length = engine.zulip.received.length = 0;
  };

  /** Waits until the deliveries accepted since then are in these states, while time goes on. */
  const recorded = async (states: string[]): Promise<Record<string, unknown>[]> => {
    const all = await engine.recorded([...EARLIER_TICKETS.map(() => 'delivered'), ...states], 900);
    return all.slice(EARLIER_TICKETS.length);
  };

  const drained = (count: number): Promise<Record<string, unknown>[]> =>
    recorded(Array.from({ length: count }, () => 'delivered'));

  it('does not happen while nothing waits: one event is one message', async () => {
    await engine.set({ max_requests_per_minute: 200 });
    for (const text of ['one', 'two', 'three']) await engine.reply(1, text);
    const all = await engine.delivered(3);
    expect(engine.said).toEqual([['one'], ['two'], ['three']]);
    const [attempt] = await engine.attemptsOf(all[1]);
    expect(attempt).toMatchObject({ joined_id: null });
  });

  it('makes one message of what waits for one topic, in order of acceptance, each delivery on record', async () => {
    await useUpTheRate();
    for (const text of ['one', 'two', 'three']) await engine.reply(1, text);
    const joined = await drained(3);
    expect(engine.said).toEqual([['one', 'two', 'three']]);
    expect(engine.zulip.taken[0]?.content.split('\n\n---\n\n')).toHaveLength(3);
    const id = engine.zulip.taken[0]?.id;
    expect(joined).toMatchObject([{ message_id: id }, { message_id: id }, { message_id: id }]);
    const attempts = await Promise.all(joined.map((delivery) => engine.attemptsOf(delivery)));
    const sent = { number: 1, outcome: 'sent', message_id: id, joined_id: attempts[0]?.[0]?.['id'] };
    expect(attempts).toMatchObject([[sent], [sent], [sent]]);
  });

  it('keeps what each delivery says, and what the message said in all', async () => {
    await useUpTheRate();
    for (const text of ['one', 'two']) await engine.reply(1, text);
    await drained(2);
    const rows = await engine.sql('select content from deliveries order by sequence desc limit 2');
    expect(rows.map(({ content }) => wordsOf(String(content)))).toEqual([['two'], ['one']]);
    const kept = await engine.sql('select content from attempts where joined_id is not null and content is not null');
    expect(kept).toEqual([{ content: engine.zulip.taken[0]?.content }]);
  });

  it('fills messages up to what Zulip takes, and no further', async () => {
    await useUpTheRate();
    const texts = Array.from({ length: 6 }, (_, index) => `${index}${'😀'.repeat(3_000)}`);
    for (const text of texts) await engine.reply(1, text);
    await drained(6);
    expect(engine.said.flat()).toEqual(texts);
    expect(engine.said.map((message) => message.length)).toEqual([3, 3]);
    for (const { content } of engine.zulip.taken) expect([...content].length).toBeLessThanOrEqual(LONGEST_CONTENT);
  });

  it('joins tickets that share a topic, and leaves those that do not', async () => {
    await engine.route({ topic: 'Desk', stop: true }, [{ field: 'ticket.number', op: 'in', value: ['1', '2', '3'] }]);
    await useUpTheRate();
    const order = [1, 2, 4, 3, 1];
    for (const [index, ticket] of order.entries()) await engine.reply(ticket, `${ticket}${'abcde'[index] ?? ''}`);
    await drained(order.length);
    expect(engine.zulip.taken.map(({ topic, content }) => [topic, ...wordsOf(content)]).sort()).toEqual([
      ['#4', '4c'],
      ['Desk', '1a', '2b', '3d', '1e'],
    ]);
  });

  it('takes unbroken runs only: what goes to another topic in between ends them', async () => {
    const elsewhere = [{ field: 'message.text', op: 'matches', value: 'elsewhere' }];
    await engine.route({ topic: 'Elsewhere', stop: true }, elsewhere);
    await useUpTheRate();
    for (const text of ['one', 'two', 'elsewhere', 'three', 'four']) await engine.reply(1, text);
    await drained(5);
    expect(engine.said).toEqual([['one', 'two'], ['elsewhere'], ['three', 'four']]);
  });

  it('is off where a destination says so', async () => {
    await useUpTheRate({ join: false });
    for (const text of ['one', 'two', 'three']) await engine.reply(1, text);
    await drained(3);
    expect(engine.said).toEqual([['one'], ['two'], ['three']]);
  });

  it('splits what is rejected: the poison is dead, its lane goes on, the others are delivered', async () => {
    await engine.route({ topic: 'Desk', stop: true });
    await useUpTheRate();
    engine.zulip.answerBy(({ content }) => (content.includes('poison') ? refused : undefined));
    const order: [number, string][] = [
      [1, 'one'],
      [2, 'poison'],
      [3, 'three'],
      [1, 'four'],
    ];
    for (const [ticket, text] of order) await engine.reply(ticket, text);
    await recorded(['delivered', 'dead', 'delivered', 'delivered']);
    await engine.reply(2, 'behind it');
    const [one, poison] = await recorded(['delivered', 'dead', 'delivered', 'delivered', 'delivered']);
    expect(engine.zulip.received.map(({ content }) => wordsOf(content))).toEqual([
      ['one', 'poison', 'three', 'four'],
      ['one'],
      ['poison'],
      ['three'],
      ['four'],
      ['behind it'],
    ]);
    expect(poison).toMatchObject({ reason: 'invalid', attempts: 1 });
    expect(await engine.attemptsOf(one)).toMatchObject([
      { outcome: 'rejected', reason: 'invalid', joined_id: expect.any(String) },
      { outcome: 'sent', joined_id: null },
    ]);
  });

  it('finds what arrived without an answer, and delivers all of it with that id, nothing twice', async () => {
    await useUpTheRate();
    engine.zulip.answerNext('take-and-reset');
    for (const text of ['one', 'two', 'three']) await engine.reply(1, text);
    const joined = await drained(3);
    expect(engine.said).toEqual([['one', 'two', 'three']]);
    expect(engine.zulip.received).toHaveLength(1);
    const id = engine.zulip.taken[0]?.id;
    expect(joined.map((delivery) => delivery['message_id'])).toEqual([id, id, id]);
    expect(await engine.attemptsOf(joined[2])).toMatchObject([{ in_doubt: true, looked_up: 'found', message_id: id }]);
  });

  it('sends again what did not arrive', async () => {
    await useUpTheRate();
    engine.zulip.answerNext('reset');
    for (const text of ['one', 'two']) await engine.reply(1, text);
    const joined = await drained(2);
    expect(engine.said.flat()).toEqual(['one', 'two']);
    expect((await engine.attemptsOf(joined[1]))[0]).toMatchObject({ in_doubt: true, looked_up: 'absent' });
  });

  it('costs nobody an attempt when it is refused for the rate, and is joined again after a fraction of a second', async () => {
    await useUpTheRate();
    engine.zulip.answerNext(limited);
    for (const text of ['one', 'two']) await engine.reply(1, text);
    const joined = await drained(2);
    expect(engine.said).toEqual([['one', 'two']]);
    expect(joined.map(({ attempts }) => attempts)).toEqual([1, 1]);
    expect((await engine.attemptsOf(joined[1]))[0]).toMatchObject({ reason: 'rate_limited', http_status: 429 });
  });

  it('loses and shuffles nothing of a message that fails', async () => {
    await useUpTheRate();
    engine.zulip.answerNext(broken);
    for (const text of ['one', 'two']) await engine.reply(1, text);
    await waitUntil(() => {
      engine.clock.advance(900);
      return engine.zulip.received.length === 1;
    });
    await engine.reply(1, 'three');
    const [one, two, three] = await drained(3);
    expect(engine.said.flat()).toEqual(['one', 'two', 'three']);
    expect([one, two, three].map((delivery) => delivery?.['attempts'])).toEqual([2, 2, 1]);
  });
});
