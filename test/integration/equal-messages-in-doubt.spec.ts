import { DeliveryDesk, type DeskOptions } from '../support/delivery-desk.js';
import type { ScriptedAnswer } from '../support/scripted-zulip.js';
import { waitUntil } from '../support/wait-until.js';

/** All tickets into one topic, with nothing in the text that tells them apart. */
const ONE_TOPIC = { topic: 'Desk', message: '{{ message.text }}' };

/** Something that an answer waits for. */
class Gate {
  isAsked = false;
  open: () => void = () => undefined;
  private readonly opening = new Promise<undefined>((resolve) => {
    this.open = () => {
      resolve(undefined);
    };
  });

  get opened(): Promise<undefined> {
    this.isAsked = true;
    return this.opening;
  }
}

describe('equal messages in doubt', () => {
  let desk: DeliveryDesk;

  const open = async (options?: DeskOptions): Promise<DeliveryDesk> => {
    desk = await DeliveryDesk.start(options);
    return desk;
  };

  afterEach(async () => {
    await desk.stop();
  });

  const expectEachToHaveItsOwnMessage = async (count: number): Promise<void> => {
    const ids = (await desk.deliveries()).map((delivery) => delivery['message_id']);
    expect(ids.sort()).toEqual(Array.from({ length: count }, (_, index) => 100 + index));
    expect(desk.zulip.taken).toHaveLength(count);
  };

  it.each([
    ['the first delivered, the second lost', [undefined, 'reset']],
    ['the first arrived in doubt, the second lost', ['take-and-reset', 'reset']],
    ['the first lost, the second arrived in doubt', ['reset', undefined, 'take-and-reset']],
    ['both arrived in doubt', ['take-and-reset', 'take-and-reset']],
  ] as const)('are two messages if they are two replies of one ticket: %s', async (_case, answers) => {
    const { zulip } = await open();
    const script: (ScriptedAnswer | undefined)[] = [...answers];
    zulip.answerBy(() => script.shift());
    await desk.reply(1, 'same');
    await desk.reply(1, 'same');
    await desk.passTimeUntilDelivered();
    await expectEachToHaveItsOwnMessage(2);
  });

  it.each([
    ['both lost', ['reset', 'reset']],
    ['one arrived, the other lost', ['take-and-reset', 'reset']],
    ['both arrived', ['take-and-reset', 'take-and-reset']],
  ] as const)('are two messages if they are of two tickets in one topic: %s', async (_case, answers) => {
    const { zulip } = await open({ appearance: ONE_TOPIC });
    zulip.answerNext(...answers);
    await desk.reply(1, 'same');
    await desk.reply(2, 'same');
    await desk.inDoubt(2);
    await desk.passTimeUntilDelivered();
    await expectEachToHaveItsOwnMessage(2);
  });

  it('are not taken for one that is on its way while they are looked up', async () => {
    const { clock, zulip } = await open({ appearance: ONE_TOPIC });
    const reading = new Gate();
    const sending = new Gate();
    zulip.answerNext('reset');
    await desk.reply(1, 'same');
    await desk.inDoubt(1);
    zulip.answerReadingBy(() => reading.opened);
    zulip.answerBy(async (message) => {
      const id = zulip.take(message);
      await sending.opened;
      return { status: 200, body: { result: 'success', msg: '', id } };
    });
    // More than once: whoever looks up may begin to wait only after the first time has passed.
    await waitUntil(() => {
      if (!reading.isAsked) desk.untilNothingLands();
      return reading.isAsked;
    });
    await desk.reply(2, 'same');
    await waitUntil(() => zulip.taken.length === 1);
    reading.open();
    await waitUntil(() => desk.lookUps === 1);
    await waitUntil(async () => {
      const [looked] = await desk.deliveries();
      return (
        looked?.['state'] === 'delivered' || Date.parse(String(looked?.['next_attempt_at'])) > clock.now().getTime()
      );
    });
    sending.open();
    await desk.passTimeUntilDelivered();
    await expectEachToHaveItsOwnMessage(2);
  });
});
