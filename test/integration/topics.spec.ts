import { DeliveryEngine, wordsOf } from '../support/delivery-engine.js';
import { waitUntil } from '../support/wait-until.js';

const A_MINUTE = 60_000;
const TITLE = '#1 Printer';
const RESOLVED = '✔ #1 Printer';
const forbidden = { status: 401, body: { result: 'error', code: 'UNAUTHORIZED', msg: 'no' } };
const tooLate = { status: 400, body: { result: 'error', code: 'MOVE_MESSAGES_TIME_LIMIT_EXCEEDED', msg: 'too old' } };

describe('the topic of a ticket', () => {
  let engine: DeliveryEngine;
  let accepted: number;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
    accepted = 0;
  });

  afterEach(async () => {
    await engine.stop();
  });

  const resolveOnClose = (rest: object = {}): Promise<void> =>
    engine.route({ resolve_on_close: true, stop: true, ...rest });

  /** Each waits until the one before is delivered. */
  const settled = async (): Promise<Record<string, unknown>[]> => {
    accepted += 1;
    return engine.delivered(accepted);
  };
  const reply = async (text: string, ticket = 1): Promise<Record<string, unknown>[]> => {
    await engine.reply(ticket, text);
    return settled();
  };
  const change = async (
    event: string,
    { ticket = 1, title = 'Printer', state = 'opened' } = {},
  ): Promise<Record<string, unknown>[]> => {
    await engine.change(event, ticket, title, state);
    return settled();
  };
  const start = (): Promise<unknown> => change('ticket_started');
  const close = (ticket = 1): Promise<Record<string, unknown>[]> =>
    change('ticket_closed', { ticket, state: 'closed' });

  /** Where each message was sent to when it was sent. */
  const sentTo = (): string[] => engine.zulip.received.map(({ topic }) => topic);
  const renamed = (to: string): Promise<unknown> => waitUntil(() => engine.zulip.renames.at(-1)?.endsWith(`→ ${to}`));
  const topicRow = async (): Promise<Record<string, unknown> | undefined> =>
    (await engine.sql('select name, failure, resolve_by, is_shared from topics order by topic'))[0];

  it('is chosen once: another title does not fork it, nor does a restart', async () => {
    await start();
    await change('ticket_opened', { title: 'Printer on fire' });
    await engine.restart();
    await change('ticket_opened', { title: 'Whole house on fire' });
    await reply('help');
    expect(sentTo()).toEqual([TITLE, TITLE, TITLE, TITLE]);
  });

  it('is left alone when its ticket is closed, unless the route says otherwise', async () => {
    await start();
    await close();
    await reply('thanks');
    expect(engine.zulip.renames).toEqual([]);
    expect(sentTo()).toEqual([TITLE, TITLE, TITLE]);
  });

  it('is resolved when its ticket is closed, and reopened by the next message', async () => {
    await resolveOnClose();
    await start();
    await close();
    await renamed(RESOLVED);
    expect(engine.zulip.taken.map(({ topic }) => topic)).toEqual([RESOLVED, RESOLVED]);
    await reply('not solved');
    expect(engine.zulip.renames).toEqual([`${TITLE} → ${RESOLVED}`, `${RESOLVED} → ${TITLE}`]);
    expect(sentTo()).toEqual([TITLE, TITLE, TITLE]);
    await close();
    await waitUntil(() => engine.zulip.renames.length === 3);
    expect(engine.zulip.taken.map(({ topic }) => topic)).toEqual([RESOLVED, RESOLVED, RESOLVED, RESOLVED]);
  });

  it('stays resolved while what is said is that the ticket is closed', async () => {
    await resolveOnClose();
    await start();
    await close();
    await renamed(RESOLVED);
    await change('ticket_tagged', { state: 'closed' });
    expect(sentTo()).toEqual([TITLE, TITLE, RESOLVED]);
    expect(engine.zulip.renames).toHaveLength(1);
  });

  it('is not resolved while other tickets are in it', async () => {
    await resolveOnClose({ topic: 'Desk' });
    await start();
    await reply('other ticket', 2);
    await close();
    await reply('goes on', 2);
    expect(engine.zulip.renames).toEqual([]);
    expect(await topicRow()).toMatchObject({ is_shared: true, resolve_by: null });
  });

  it('is not resolved for one ticket when people have merged it with another', async () => {
    await resolveOnClose();
    await start();
    await change('ticket_started', { ticket: 2, title: 'Toner' });
    engine.zulip.renameTopic('#2 Toner', TITLE);
    engine.clock.advance(A_MINUTE);
    await reply('now here', 2);
    await close();
    expect(sentTo()).toEqual([TITLE, '#2 Toner', TITLE, TITLE]);
    expect(engine.zulip.renames).toEqual([]);
  });

  it('is followed when people rename it, and asked for no more than once a minute', async () => {
    await start();
    engine.zulip.renameTopic(TITLE, 'Fires');
    await reply('at once');
    expect(engine.zulip.readings).toHaveLength(0);
    engine.zulip.renameTopic(TITLE, 'Fires');
    engine.clock.advance(A_MINUTE);
    await reply('a minute later');
    await reply('and another');
    expect(sentTo()).toEqual([TITLE, TITLE, 'Fires', 'Fires']);
    expect(engine.zulip.readings).toHaveLength(1);
    await engine.restart();
    await reply('after a restart');
    expect(sentTo().at(-1)).toBe('Fires');
  });

  it('is followed when people resolve it, where the route does not reopen topics', async () => {
    await start();
    engine.zulip.renameTopic(TITLE, RESOLVED);
    engine.clock.advance(A_MINUTE);
    await reply('by the way');
    expect(sentTo()).toEqual([TITLE, RESOLVED]);
    expect(engine.zulip.renames).toEqual([]);
  });

  it('is reopened when people have resolved it, where the route says so', async () => {
    await resolveOnClose();
    await start();
    engine.zulip.renameTopic(TITLE, RESOLVED);
    engine.clock.advance(A_MINUTE);
    await reply('not solved');
    expect(sentTo()).toEqual([TITLE, TITLE]);
    expect(engine.zulip.renames).toEqual([`${RESOLVED} → ${TITLE}`]);
  });

  it('is written to under its own name by a bot that may not read, which is not asked again and again', async () => {
    let asked = 0;
    engine.zulip.answerReadingBy(() => {
      asked += 1;
      return forbidden;
    });
    await start();
    for (let minute = 0; minute < 4; minute += 1) {
      engine.clock.advance(A_MINUTE);
      await reply(`minute ${minute}`);
    }
    expect(sentTo()).toEqual([TITLE, TITLE, TITLE, TITLE, TITLE]);
    expect(asked).toBe(1);
    expect(await engine.pauses()).toEqual([]);
  });

  it('that cannot be resolved says so, is not tried again for ever, and blocks nothing', async () => {
    await resolveOnClose();
    await start();
    let refusals = 0;
    engine.zulip.answerReadingBy(() => {
      refusals += 1;
      return tooLate;
    });
    await close();
    const closing = await waitUntil(async () => {
      const last = (await engine.deliveries()).at(-1);
      return last?.['detail'] !== null && last;
    });
    expect(closing).toMatchObject({ state: 'delivered', detail: expect.stringContaining('MOVE_MESSAGES_TIME_LIMIT') });
    await reply('goes on');
    await engine.restart();
    await reply('still goes on');
    // The change, and the question whether it was made all the same.
    expect(refusals).toBe(2);
    const failure = expect.stringContaining('MOVE_MESSAGES_TIME_LIMIT');
    expect(await topicRow()).toMatchObject({ name: TITLE, failure, resolve_by: null });
  });

  it('keeps on record why it could not be resolved when it is asked for later', async () => {
    await resolveOnClose();
    await start();
    engine.zulip.answerReadingBy(() => tooLate);
    await close();
    await waitUntil(async () => (await topicRow())?.['failure'] !== null);
    engine.zulip.answerReadingBy(() => undefined);
    engine.clock.advance(A_MINUTE);
    await reply('goes on');
    expect(engine.zulip.readings).toHaveLength(1);
    expect(await topicRow()).toMatchObject({ failure: expect.any(String) });
  });

  it('that was to be resolved when its owner ended is resolved by the next one', async () => {
    await resolveOnClose();
    await start();
    await engine.restart(() => engine.sql('update topics set resolve_by = (select id from destinations limit 1)'));
    await reply('other ticket', 2);
    await renamed(RESOLVED);
    expect(engine.zulip.taken[0]?.topic).toBe(RESOLVED);
    await waitUntil(async () => (await topicRow())?.['resolve_by'] === null);
    expect(await topicRow()).toMatchObject({ name: RESOLVED, failure: null });
  });

  it('is resolved after a closing that arrived without an answer', async () => {
    await resolveOnClose();
    await start();
    engine.zulip.answerNext('take-and-reset');
    await engine.change('ticket_closed', 1, 'Printer', 'closed');
    await engine.delivered(2, 900);
    await renamed(RESOLVED);
    expect(engine.zulip.received).toHaveLength(2);
    expect(engine.zulip.taken.flatMap(({ content }) => wordsOf(content))).toEqual([]);
  });
});
