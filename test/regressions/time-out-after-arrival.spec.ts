import { DeliveryDesk } from '../support/delivery-desk.js';
import { waitUntil } from '../support/wait-until.js';

/** With the shortest lease a request is given up after 2.4 s, by real time. */
const SHORTEST_LEASE = { LEASE_SECONDS: '3' };

// The story: a busy Zulip takes a message and posts it, and is slow to say so. The gateway gives the request up: for it
// that is a failure like any other, and whoever simply tries again posts the message a second time. Zulip has no
// idempotency key. So the message is looked for first; and not at once, since a server that is still at work on a request
// may post the message after we have looked.
it('a message that arrived although its request timed out is found, not sent again', async () => {
  const desk = await DeliveryDesk.start({ environment: SHORTEST_LEASE });
  try {
    const { zulip } = desk;
    zulip.answerNext('take-and-hang', 'hang');
    await desk.reply(1, 'taken, never answered');
    await waitUntil(() => zulip.received.length === 1);
    await desk.reply(2, 'posted late');
    await waitUntil(() => zulip.received.length === 2);
    await desk.reply(1, 'behind it');
    const [timedOut] = await desk.withReason('timeout', 2);
    expect(await desk.attemptsOf(timedOut)).toMatchObject([{ reason: 'timeout', in_doubt: true, looked_up: null }]);
    expect(desk.lookUps).toBe(0);
    const late = zulip.received.find(({ content }) => content.includes('posted late'));
    if (late) zulip.take(late);
    desk.untilNothingLands();
    const all = await desk.inStates('delivered', 'delivered', 'delivered');
    expect(all.map((delivery) => delivery['message_id'])).toEqual([100, 101, 102]);
    expect(desk.texts).toEqual(['taken, never answered', 'posted late', 'behind it']);
    expect(zulip.received).toHaveLength(3);
  } finally {
    await desk.stop();
  }
});
