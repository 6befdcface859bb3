import { DeliveryDesk, type DeskOptions, LANDS_WITHIN_MS, ZULIP_ERRORS } from '../support/delivery-desk.js';
import { waitUntil } from '../support/wait-until.js';

describe('an attempt in doubt', () => {
  let desk: DeliveryDesk;

  const open = async (options?: DeskOptions): Promise<DeliveryDesk> => {
    desk = await DeliveryDesk.start(options);
    return desk;
  };

  afterEach(async () => {
    await desk.stop();
  });

  it('is looked up; found, its delivery has arrived under that id and is not sent again', async () => {
    const { zulip } = await open();
    zulip.answerNext('take-and-reset');
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    const [delivery] = await desk.inStates('delivered');
    expect(delivery).toMatchObject({ attempts: 1, message_id: 100, reason: null });
    expect(await desk.attemptsOf(delivery)).toMatchObject([
      { number: 1, outcome: 'sent', in_doubt: true, looked_up: 'found', message_id: 100 },
    ]);
    expect(zulip.received).toHaveLength(1);
  });

  it('is looked up; absent, it is sent again', async () => {
    const { zulip } = await open();
    zulip.answerNext('reset');
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    const [delivery] = await desk.inStates('delivered');
    expect(await desk.attemptsOf(delivery)).toMatchObject([
      { outcome: 'retry', reason: 'network', in_doubt: true, looked_up: 'absent', message_id: null },
      { outcome: 'sent', in_doubt: false, looked_up: null, message_id: 100 },
    ]);
    expect(zulip.received).toHaveLength(2);
    expect(desk.texts).toEqual(['hello']);
  });

  it('is neither asked for nor repeated while its request may still land; its lane waits, others go on', async () => {
    const { clock, zulip } = await open();
    zulip.answerNext('reset');
    await desk.reply(1, 'hello');
    const [delivery] = await desk.inDoubt(1);
    const [attempt] = await desk.attemptsOf(delivery);
    const next = Date.parse(String(delivery?.['next_attempt_at']));
    expect(next - Date.parse(String(attempt?.['started_at']))).toBe(LANDS_WITHIN_MS);
    clock.advance(LANDS_WITHIN_MS - 1);
    await desk.reply(1, 'behind');
    await desk.reply(2, 'other ticket');
    await desk.inStates('pending', 'pending', 'delivered');
    expect(zulip.readings).toEqual([]);
    expect(desk.texts).toEqual(['other ticket']);
    clock.advance(1);
    await desk.inStates('delivered', 'delivered', 'delivered');
    expect(desk.texts).toEqual(['other ticket', 'hello', 'behind']);
  });

  it('is found although the server posted it after the time-out', async () => {
    const { clock, zulip } = await open();
    zulip.answerNext('hang');
    await desk.reply(1, 'hello');
    const [message] = await waitUntil(() => zulip.received.length === 1 && zulip.received);
    zulip.dropConnections();
    await desk.inDoubt(1);
    clock.advance(LANDS_WITHIN_MS - 1_000);
    if (message) zulip.take(message);
    clock.advance(1_001);
    await desk.inStates('delivered');
    expect(zulip.taken).toHaveLength(1);
  });

  it('is found although the server stores its text without the blanks at its end', async () => {
    const { zulip } = await open({ appearance: { message: '{{ message.text }} \t\n\n' } });
    zulip.answerNext('hang');
    await desk.reply(1, 'hello');
    const [message] = await waitUntil(() => zulip.received.length === 1 && zulip.received);
    if (message) zulip.take({ ...message, content: message.content.trimEnd() });
    zulip.dropConnections();
    await desk.inDoubt(1);
    desk.untilNothingLands();
    await desk.inStates('delivered');
    expect(zulip.received).toHaveLength(1);
  });

  it('is found although people have renamed its topic', async () => {
    const { zulip } = await open();
    zulip.answerNext('take-and-reset');
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    zulip.renameTopic(zulip.taken[0]?.topic ?? '', 'Renamed by people');
    desk.untilNothingLands();
    await desk.inStates('delivered');
    expect(zulip.taken).toHaveLength(1);
  });

  it('does not take an equal message of somebody else, or of long ago', async () => {
    const { clock, zulip } = await open();
    zulip.answerNext('hang');
    await desk.reply(1, 'hello');
    const [message] = await waitUntil(() => zulip.received.length === 1 && zulip.received);
    if (message) {
      zulip.take(message, { sentAt: new Date(clock.now().getTime() - 3_600_000) });
      zulip.take(message, { sender: 'mail@example.com' });
    }
    zulip.dropConnections();
    await desk.inDoubt(1);
    desk.untilNothingLands();
    const [delivery] = await desk.inStates('delivered');
    expect(delivery).toMatchObject({ message_id: 102 });
  });

  it('is sent again where the bot may not read, and the log says so', async () => {
    const { zulip } = await open();
    zulip.answerReadingBy(() => ZULIP_ERRORS.unauthorized);
    zulip.answerNext('take-and-reset');
    await desk.reply(1, 'hello');
    await desk.reply(1, 'next');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    const [delivery] = await desk.inStates('delivered', 'delivered');
    expect(await desk.attemptsOf(delivery)).toMatchObject([
      { outcome: 'retry', in_doubt: true, looked_up: 'not_allowed', message_id: null },
      { outcome: 'sent', in_doubt: false, looked_up: null, message_id: 101 },
    ]);
    expect(desk.texts).toEqual(['hello', 'hello', 'next']);
  });

  it('is asked for again when asking fails, at the cost of no attempt', async () => {
    const { clock, zulip } = await open();
    let asked = 0;
    zulip.answerReadingBy(() => ((asked += 1) <= 3 ? ZULIP_ERRORS.broken : undefined));
    zulip.answerNext('take-and-reset');
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    await waitUntil(() => asked === 1);
    expect(await desk.deliveries()).toMatchObject([{ state: 'pending', attempts: 1 }]);
    const [delivery] = await waitUntil(async () => {
      clock.advance(1_000);
      const all = await desk.deliveries();
      return all[0]?.['state'] === 'delivered' && all;
    });
    expect(delivery).toMatchObject({ attempts: 1, message_id: 100 });
    expect(asked).toBe(4);
    expect(zulip.received).toHaveLength(1);
  });

  it.each([
    ['found, it is delivered all the same', 'take-and-reset', { state: 'delivered', reason: null, message_id: 100 }],
    ['absent, it is dead', 'reset', { state: 'dead', reason: 'network', message_id: null }],
  ] as const)('that was the last of the schedule is looked up: %s', async (_case, answer, end) => {
    const { zulip } = await open({ settings: { retry_schedule_seconds: [] } });
    zulip.answerNext(answer);
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    expect(await desk.inStates(end.state)).toMatchObject([{ attempts: 1, finished_at: expect.any(String), ...end }]);
    expect(zulip.received).toHaveLength(1);
  });

  it('is what ends in an answer that is not of Zulip itself', async () => {
    const { zulip } = await open();
    zulip.answerNext({ status: 502, body: '<html>Bad Gateway</html>' });
    await desk.reply(1, 'hello');
    await desk.inDoubt(1);
    desk.untilNothingLands();
    const [delivery] = await desk.inStates('delivered');
    expect(await desk.attemptsOf(delivery)).toMatchObject([
      { reason: 'server_error', http_status: 502, in_doubt: true, looked_up: 'absent' },
      { outcome: 'sent' },
    ]);
  });

  it('is not what could not even connect', async () => {
    const { clock, zulip } = await open();
    await zulip.stop();
    await desk.reply(1, 'hello');
    const [delivery] = await desk.inDoubt(1);
    expect(await desk.attemptsOf(delivery)).toMatchObject([
      { outcome: 'retry', reason: 'network', in_doubt: false, looked_up: null },
    ]);
    const wait = Date.parse(String(delivery?.['next_attempt_at'])) - clock.now().getTime();
    expect(wait).toBeLessThanOrEqual(6_000);
  });
});
