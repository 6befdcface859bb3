import { DeliveryDesk } from '../support/delivery-desk.js';
import { waitUntil } from '../support/wait-until.js';

// The story: two tickets' messages read the same, in topics of their own. Both were in doubt; the first had been lost,
// the second had arrived. Topics are renamed by people, so the look-up for the first took the only message there was,
// the second's, and the second was sent again: one topic had two messages, the other none, and the log said that all
// was well.
it('a message in doubt is left to the delivery whose topic it stands in', async () => {
  const desk = await DeliveryDesk.start({
    appearance: { topic: 'T {{ ticket.key }}', message: '{{ message.text }}' },
  });
  try {
    desk.zulip.answerNext('reset', 'take-and-reset');
    await desk.reply(1, 'same');
    await waitUntil(() => desk.zulip.received.length === 1);
    await desk.reply(2, 'same');
    await desk.inDoubt(2);
    await desk.passTimeUntilDelivered();
    expect(new Set(desk.zulip.taken.map(({ topic }) => topic)).size).toBe(2);
    expect(desk.zulip.taken).toHaveLength(2);
  } finally {
    await desk.stop();
  }
});
