import { DeliveryDesk } from '../support/delivery-desk.js';

// The story: a message had arrived without an answer. When it was looked up, an ingress whose Zulip was just being
// restarted answered with its own page, 404; that was taken for Zulip's word that the bot may not read, and the message
// was sent a second time.
it('the page of a proxy says nothing of what the bot may read', async () => {
  const desk = await DeliveryDesk.start();
  let asked = 0;
  desk.zulip.answerReadingBy(() => {
    asked += 1;
    return asked === 1 ? { status: 404, body: '<html>default backend' } : undefined;
  });
  desk.zulip.answerNext('take-and-reset');
  try {
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    await desk.passTimeUntilDelivered();
    expect(desk.zulip.taken).toHaveLength(1);
    expect(asked).toBe(2);
  } finally {
    await desk.stop();
  }
});
