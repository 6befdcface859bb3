import { DeliveryDesk } from '../support/delivery-desk.js';

/** Runs into the limit of what a template may do, on one event alone: any other would be refused when it is saved. */
const ENDLESS = "{% if message.text == 'poison' %}{% for i in (1..100000000) %}{{ i }}{% endfor %}{% endif %}";

// The story: rendering is done for a whole batch of deliveries. One whose template throws on its event took the batch
// down with it: the worker stumbled, read the same batch again, stumbled again, and nothing was sent any more. What
// cannot be rendered is dead with its reason, without a try at Zulip; everything beside and behind it goes out.
it('a delivery whose template throws on its event is dead with its reason, and its lane goes on', async () => {
  const desk = await DeliveryDesk.start();
  try {
    const { gateway, zulip } = desk;
    const destinations = await gateway.api('GET', '/destinations');
    await gateway.api('POST', '/routes', {
      name: 'Endless',
      position: 1,
      matchers: [{ field: 'message.text', op: 'eq', value: 'poison' }],
      destination_id: destinations.body.data[0]?.['id'],
      settings: { message: ENDLESS, stop: true },
    });
    // They wait behind one that is on its way, so that they are read together.
    zulip.answerNext('hang');
    await desk.reply(1, 'in the air');
    await desk.inStates('sending');
    await desk.reply(1, 'poison');
    await desk.reply(1, 'behind it');
    await desk.reply(2, 'poison');
    await desk.reply(2, 'beside it');
    zulip.dropConnections();
    await desk.withReason('network');
    desk.untilNothingLands();
    const all = await desk.inStates('delivered', 'dead', 'delivered', 'dead', 'delivered');
    expect(all[1]).toMatchObject({ reason: 'render_failed', detail: expect.any(String), attempts: 0 });
    expect(await desk.attemptsOf(all[1])).toEqual([]);
    expect(desk.texts.sort()).toEqual(['behind it', 'beside it', 'in the air']);
  } finally {
    await desk.stop();
  }
});
