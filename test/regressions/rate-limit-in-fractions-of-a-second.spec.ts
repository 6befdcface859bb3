import { DeliveryDesk } from '../support/delivery-desk.js';

const LIMITED = { result: 'error', code: 'RATE_LIMIT_HIT', msg: 'API usage exceeded rate limit' };

// The story: Zulip says how long to wait in fractions of a second (`"retry-after": 28.706807374954224`). Read as a whole
// number it is either not understood, or cut: then the bot comes back too early, is refused again, and each refusal
// counts. Nor is it the delivery's fault: it must not use up its attempts.
describe.each([
  ['in the answer', { status: 429, body: { ...LIMITED, 'retry-after': 28.706807374954224 } }, 28_707],
  ['in the header only', { status: 429, body: LIMITED, headers: { 'retry-after': '0.25' } }, 250],
] as const)('a 429 with fractions of a second %s', (_where, answer, waitMs) => {
  let desk: DeliveryDesk;

  beforeEach(async () => {
    desk = await DeliveryDesk.start();
  });

  afterEach(async () => {
    await desk.stop();
  });

  it('holds the whole bot for just so long, and costs no attempt', async () => {
    const { clock, zulip } = desk;
    zulip.answerNext(answer);
    await desk.reply(1, 'first');
    const [refused] = await desk.withReason('rate_limited');
    expect(refused).toMatchObject({ attempts: 0 });
    expect(Date.parse(String(refused?.['next_attempt_at'])) - clock.now().getTime()).toBeCloseTo(waitMs, -1);
    await desk.reply(2, 'second');
    clock.advance(waitMs - 20);
    // A look at the log takes longer than a message would.
    await desk.inStates('pending', 'pending');
    expect(zulip.received).toHaveLength(1);
    clock.advance(40);
    const [delivery] = await desk.inStates('delivered', 'delivered');
    expect(delivery).toMatchObject({ attempts: 1 });
    expect(zulip.received).toHaveLength(3);
  });
});
