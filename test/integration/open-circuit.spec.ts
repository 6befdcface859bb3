import { DeliveryEngine } from '../support/delivery-engine.js';
import type { ScriptedAnswer } from '../support/scripted-zulip.js';
import { waitUntil } from '../support/wait-until.js';

const A_MINUTE = 60_000;
const STEP_MS = 900;
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const badGateway = { status: 502, body: 'bad gateway' };
/** Also for whoever looks up what arrived. */
const nobodyReads = (): typeof badGateway => badGateway;
const everybodyReads = (): undefined => undefined;

describe('the circuit of a server that is down', () => {
  let engine: DeliveryEngine;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
  });

  afterEach(async () => {
    await engine.stop();
  });

  const isOpen = async (): Promise<boolean> => (await engine.pauses()).some(({ reason }) => reason === 'unreachable');

  /** Deliveries of so many tickets fail until the circuit opens. @returns how many attempts they have behind them */
  const open = async (answer: ScriptedAnswer, tickets: number): Promise<unknown[]> => {
    engine.zulip.answerBy(() => answer);
    for (let ticket = 1; ticket <= tickets; ticket += 1) await engine.reply(ticket, `ticket ${ticket}`);
    await waitUntil(async () => {
      if (await isOpen()) return true;
      engine.clock.advance(STEP_MS);
      return false;
    });
    await waitUntil(async () => (await engine.deliveries()).every(({ state }) => state === 'pending'));
    return attempts();
  };
  const attempts = async (): Promise<unknown[]> => (await engine.deliveries()).map((delivery) => delivery['attempts']);

  it('opens after half a minute of failures, and from then on burns no attempt but probes once a minute', async () => {
    const before = await open(broken, 3);
    expect(await engine.pauses()).toMatchObject([{ channel: null, reason: 'unreachable' }]);
    engine.zulip.received.length = 0;
    for (let probes = 1; probes <= 3; probes += 1) {
      engine.clock.advance(A_MINUTE);
      await waitUntil(() => engine.zulip.received.length === probes);
      await engine.recorded(['pending', 'pending', 'pending']);
    }
    expect(await attempts()).toEqual(before);
    // Not always the same one: it might be that one's own fault.
    expect(new Set(engine.zulip.received.map(({ content }) => content)).size).toBeGreaterThan(1);
  });

  it('stays closed while five failures come at once: they may be those of five messages', async () => {
    engine.zulip.answerBy(() => broken);
    for (let ticket = 1; ticket <= 6; ticket += 1) await engine.reply(ticket, 'now');
    await waitUntil(async () => (await attempts()).every((count) => count === 1));
    expect(await engine.pauses()).toEqual([]);
  });

  it.each<[string, ScriptedAnswer]>([
    ['answers of a proxy', badGateway],
    ['connections that break', 'reset'],
  ])('opens for %s', async (_story, answer) => {
    engine.zulip.answerReadingBy(nobodyReads);
    await open(answer, 3);
    engine.zulip.answerReadingBy(everybodyReads);
    engine.zulip.answerBy(() => undefined);
    await engine.delivered(3, STEP_MS);
    expect(engine.said.flat().sort()).toEqual(['ticket 1', 'ticket 2', 'ticket 3']);
  });

  it('closes with the first success, and all lanes go at once', async () => {
    await open(broken, 5);
    await engine.reply(6, 'meanwhile');
    engine.zulip.answerBy(() => undefined);
    engine.clock.advance(A_MINUTE);
    // The clock stands still: nobody waits for a schedule.
    await engine.delivered(6);
    expect(await isOpen()).toBe(false);
  });

  it('lets a poisonous message stop the others for no longer than until the next probe', async () => {
    await engine.set({ retry_schedule_seconds: [8, 8, 8, 8, 8, 8] });
    engine.zulip.answerBy(({ content }) => (content.includes('poison') ? broken : undefined));
    await engine.reply(1, 'poison');
    await waitUntil(async () => {
      if (await isOpen()) return true;
      engine.clock.advance(STEP_MS);
      return false;
    });
    await engine.reply(2, 'two');
    await engine.reply(3, 'three');
    engine.clock.advance(A_MINUTE);
    const all = await engine.recorded(['pending', 'delivered', 'delivered']);
    expect(await isOpen()).toBe(false);
    await engine.reply(4, 'four');
    await engine.recorded(['pending', 'delivered', 'delivered', 'delivered']);
    expect(all[0]).toMatchObject({ reason: 'server_error' });
  });

  it('outlives a restart', async () => {
    const before = await open(broken, 2);
    engine.zulip.received.length = 0;
    await engine.restart();
    expect(await isOpen()).toBe(true);
    await engine.reply(3, 'three');
    // Stopping let some time pass.
    expect(engine.zulip.received.length).toBeLessThanOrEqual(1);
    expect((await attempts()).slice(0, 2)).toEqual(before);
    engine.zulip.answerBy(() => undefined);
    engine.clock.advance(A_MINUTE);
    await engine.delivered(3);
  });
});

it('counts time-outs: a server that never answers is down as well', async () => {
  // The shortest lease, since a request takes no longer than most of it: by the wall clock.
  const engine = await DeliveryEngine.start({ LEASE_SECONDS: '3' });
  try {
    engine.zulip.answerBy(() => 'hang');
    engine.zulip.answerReadingBy(nobodyReads);
    for (const ticket of [1, 2, 3, 4]) await engine.reply(ticket, `ticket ${ticket}`);
    await waitUntil(() => engine.zulip.received.length === 4);
    await waitUntil(async () => (await engine.deliveries()).every(({ reason }) => reason === 'timeout'));
    // Half a minute later, one more.
    for (let second = 0; second < 40; second += 1) engine.clock.advance(800);
    await engine.reply(5, 'ticket 5');
    await waitUntil(async () => {
      engine.clock.advance(100);
      return (await engine.pauses()).some(({ reason }) => reason === 'unreachable');
    });
    engine.zulip.answerBy(() => undefined);
    engine.zulip.answerReadingBy(everybodyReads);
    await engine.delivered(5, STEP_MS);
    expect(engine.said.flat()).toHaveLength(5);
  } finally {
    await engine.stop();
  }
});
