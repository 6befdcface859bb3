import { Database } from '../../src/database/database.js';
import { PauseBook, WHOLE } from '../../src/deliveries/pause-book.js';
import type { ActiveDestination } from '../../src/destinations/destination-directory.js';
import { settingsHash } from '../../src/destinations/settings-hash.js';
import { saveAdminPause } from '../../src/destinations/sql/save-admin-pause.js';
import { DeliveryEngine } from '../support/delivery-engine.js';
import { databaseUrl, SERVER_VARIABLE } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

const DAY_MS = 24 * 3_600_000;
const unauthorized = { status: 401, body: { result: 'error', code: 'UNAUTHORIZED', msg: 'no' } };
const noChannel = { status: 400, body: { result: 'error', code: 'STREAM_DOES_NOT_EXIST', msg: 'no' } };

describe('a pause by an admin', () => {
  let engine: DeliveryEngine;
  let path: string;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
    path = `/destinations/${String((await engine.destination())['id'])}`;
  });
  afterEach(async () => {
    await engine.stop();
  });

  const pause = async (body?: Row): Promise<Row> => {
    const answer = await engine.api('POST', `${path}/pause`, body);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const resume = async (): Promise<Row> => (await engine.api('POST', `${path}/resume`)).body;
  const actions = async (): Promise<unknown[]> =>
    (await engine.api('GET', `/changes?subject_id=${path.split('/')[2] ?? ''}`)).body.data
      .map(({ action }) => action)
      .reverse();
  /** Nothing arrives, however long. */
  const nothingArrives = async (): Promise<void> => {
    const { length } = engine.zulip.received;
    for (let days = 0; days < 3; days += 1) {
      engine.clock.advance(DAY_MS);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(engine.zulip.received).toHaveLength(length);
  };

  /** The first that is asked for waits. */
  const holdReading = (): { asked: Promise<void>; release: () => void } => {
    let release: () => void = () => undefined;
    const held = new Promise<undefined>((resolve) => {
      release = () => {
        resolve(undefined);
      };
    });
    const asked = new Promise<void>((resolve) => {
      engine.zulip.answerReadingBy(() => {
        resolve();
        return held;
      });
    });
    return { asked, release };
  };

  it('holds everything, visibly, is not probed, and costs no attempt', async () => {
    const { pauses, version } = await pause({ detail: 'Zulip is being moved' });
    const shown = {
      channel: null,
      reason: 'paused',
      detail: 'Zulip is being moved',
      since: engine.clock.now().toISOString(),
      next_probe_at: null,
    };
    expect([pauses, version]).toEqual([[shown], 2]);
    await engine.reply(1, 'one');
    await engine.reply(2, 'two');
    await nothingArrives();
    expect((await engine.deliveries()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    expect(await engine.pauses()).toEqual([shown]);
  });

  it('leaves whoever delivers at rest', async () => {
    await pause();
    await engine.reply(1, 'one');
    await new Promise((resolve) => setTimeout(resolve, 200));
    engine.clock.delays.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(engine.clock.delays).toEqual([]);
    engine.clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(engine.clock.delays.every((delay) => Number.isFinite(delay))).toBe(true);
    expect(engine.clock.delays.length).toBeLessThan(200);
  });

  it('ends when an admin resumes: all goes, in order', async () => {
    await pause();
    for (const text of ['one', 'two', 'three']) await engine.reply(1, text);
    await nothingArrives();
    expect(await resume()).toMatchObject({ pauses: [], version: 3 });
    await engine.delivered(3, 100);
    expect(engine.said.flat()).toEqual(['one', 'two', 'three']);
    expect(await actions()).toEqual(['create', 'pause', 'resume']);
    await waitUntil(async () => (await engine.sql('select 1 from pauses')).length === 0);
  });

  it('is no other pause when it is asked for again, nor is its end', async () => {
    const first = await pause({ detail: 'first' });
    engine.clock.advance(1_000);
    expect(await pause({ detail: 'second' })).toEqual(first);
    const resumed = await resume();
    expect(await resume()).toEqual(resumed);
    expect(await actions()).toEqual(['create', 'pause', 'resume']);
    const [, paused] = (await engine.api('GET', '/changes?kind=destination')).body.data;
    expect(paused).toMatchObject({
      action: 'pause',
      before: { pauses: [] },
      after: { pauses: [{ channel: null, reason: 'paused', detail: 'first' }] },
    });
  });

  it('lets what is in the air land, and what comes after it wait', async () => {
    engine.zulip.answerNext('take-and-wait');
    await engine.reply(1, 'in the air');
    await waitUntil(() => engine.zulip.received.length === 1);
    await engine.reply(1, 'behind it');
    await pause();
    engine.zulip.answerWaiting();
    await engine.recorded(['delivered', 'pending']);
    await nothingArrives();
    expect(await engine.pauses()).toMatchObject([{ reason: 'paused' }]);
    await resume();
    await engine.delivered(2, 100);
  });

  it('stays what it is when what was in the air is refused', async () => {
    let answer: (refusal: typeof unauthorized) => void = () => undefined;
    engine.zulip.answerBy(() => new Promise((resolve) => (answer = resolve)));
    await engine.reply(1, 'in the air');
    await waitUntil(() => engine.zulip.received.length === 1);
    await pause({ detail: 'mine' });
    engine.zulip.answerBy(() => undefined);
    answer(unauthorized);
    await engine.recorded(['pending']);
    await nothingArrives();
    expect(await engine.pauses()).toMatchObject([{ reason: 'paused', detail: 'mine' }]);
    await resume();
    const [delivery] = await engine.delivered(1, 100);
    expect(delivery).toMatchObject({ attempts: 1 });
  });

  it('holds what has been taken up and waits for the name of its topic', async () => {
    await engine.reply(1, 'one');
    await engine.delivered(1);
    engine.clock.advance(61_000);
    const { asked, release } = holdReading();
    await engine.reply(1, 'two');
    await asked;
    await pause();
    release();
    await nothingArrives();
    expect(engine.zulip.received).toHaveLength(1);
    await resume();
    await engine.delivered(2, 100);
  });

  it('has nothing asked for that is in doubt', async () => {
    engine.zulip.answerNext('take-and-reset', 'take-and-reset');
    await engine.reply(1, 'one');
    await engine.reply(2, 'two');
    await waitUntil(() => engine.zulip.received.length === 2);
    await engine.recorded(['pending', 'pending']);
    const { asked, release } = holdReading();
    engine.clock.advance(15_000);
    await asked;
    await pause();
    release();
    await nothingArrives();
    expect(engine.zulip.readings).toHaveLength(1);
    await resume();
    await engine.delivered(2, 100);
    expect(engine.zulip.received).toHaveLength(2);
  });

  it('does not end by other settings', async () => {
    await pause();
    await engine.reply(1, 'one');
    await engine.api('PATCH', path, { settings: { topic: 'other' }, secrets: { api_key: 'other' } });
    await nothingArrives();
    expect(await engine.pauses()).toMatchObject([{ reason: 'paused' }]);
    await engine.restart();
    await nothingArrives();
    expect(await engine.pauses()).toMatchObject([{ reason: 'paused' }]);
    await resume();
    await engine.delivered(1, 100);
  });

  it('takes the place of what the engine found, and its end ends all of it', async () => {
    await engine.route({ channel: 'gone', stop: true }, [{ field: 'message.text', op: 'matches', value: 'bill' }]);
    engine.zulip.answerBy(({ to }) => (to === 'gone' ? noChannel : unauthorized));
    await engine.reply(1, 'bill');
    await waitUntil(async () => (await engine.pauses()).length === 1);
    await engine.reply(2, 'two');
    await waitUntil(async () => (await engine.pauses()).length === 2);
    expect((await pause())['pauses']).toMatchObject([{ channel: null, reason: 'paused' }, { channel: 'gone' }]);
    engine.zulip.answerBy(() => undefined);
    await nothingArrives();
    expect((await resume())['pauses']).toEqual([]);
    await engine.delivered(2, 100);
  });

  it('is not written over by whoever has not heard of it yet', async () => {
    const id = path.split('/')[2] ?? '';
    const { current_database: name } = (await engine.sql('select current_database()'))[0] ?? {};
    const db = new Database(databaseUrl(process.env[SERVER_VARIABLE] ?? '', String(name)), 2);
    const destination: ActiveDestination = { id, name: 'x', kind: 'zulip', settings: {}, secrets: {} };
    const book = new PauseBook(id, db, engine.clock);
    const stored = async (): Promise<unknown[]> =>
      (await engine.sql('select reason from pauses')).map(({ reason }) => reason);
    await book.begin(WHOLE, 'auth', 'refused', destination);
    expect(await stored()).toEqual(['auth']);
    await saveAdminPause(db, id, null, settingsHash(destination), engine.clock.now());
    if (book.whole) await book.probing(book.whole);
    expect(await stored()).toEqual(['paused']);
    await book.end(WHOLE);
    await book.begin(WHOLE, 'unreachable', 'down', destination);
    expect(await stored()).toEqual(['paused']);
    expect(await book.load(destination)).toBe(false);
    expect([book.isByAdmin, book.toProbe, book.nextProbeAt]).toEqual([true, undefined, undefined]);
    await book.end(WHOLE);
    await book.begin(WHOLE, 'auth', 'refused', destination);
    expect([book.isByAdmin, await stored()]).toEqual([true, ['paused']]);
    await db.close();
  });
});
