import { Client } from 'pg';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { FakeClock } from '../../support/fake-clock.js';
import { waitUntil } from '../../support/wait-until.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Row = Record<string, unknown>;

describe('when a source was heard', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let database: Client;
  let made = 0;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start({}, clock);
    database = new Client({ connectionString: gateway.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await gateway.stop();
  });

  const createSource = async (): Promise<Row> =>
    (await gateway.api('POST', '/sources', { name: `Heard ${(made += 1)}`, provider: 'groove' })).body;
  const view = async (source: Row): Promise<Answer['body']> =>
    (await gateway.api('GET', `/sources/${String(source['id'])}`)).body;
  const patch = (source: Row, body: object): Promise<Answer> =>
    gateway.api('PATCH', `/sources/${String(source['id'])}`, body);
  const speak = async (source: Row, event = 'ticket_started'): Promise<string> => {
    const at = clock.now().toISOString();
    await gateway.groove(event, { number: (made += 1), title: 'Heard' }, String(source['hook_url']));
    return at;
  };
  /** Passes time, until the watch has seen what was said. */
  const pass = async (ms: number, source: Row): Promise<void> => {
    const { last_event_at: heardAt } = await view(source);
    clock.advance(MINUTE_MS);
    await waitUntil(async () => {
      const { rows } = await database.query('select last_event_at from source_activity where source_id = $1', [
        source['id'],
      ]);
      return (rows as { last_event_at: Date }[])[0]?.last_event_at.toISOString() === heardAt;
    });
    clock.advance(ms - MINUTE_MS);
  };

  it('is told by the newest event, whatever became of it', async () => {
    const source = await createSource();
    expect(await view(source)).toMatchObject({ last_event_at: null, silent_since: null });
    expect(await speak(source)).toBe((await view(source))['last_event_at']);
    clock.advance(HOUR_MS);
    expect(await speak(source, 'no_such_event')).toBe((await view(source))['last_event_at']);
    clock.advance(HOUR_MS);
    await speak(source, '');
    expect((await view(source))['last_event_at']).toBe(clock.now().toISOString());
    const { body } = await gateway.api('GET', '/sources?limit=500');
    const others = body.data.filter(({ id }) => id !== source['id']);
    expect(body.data.find(({ id }) => id === source['id'])).toEqual(await view(source));
    expect(new Set(others.map((other) => other['last_event_at']))).toEqual(new Set([null]));
  });

  it('is still known when the log has let go of it', async () => {
    const source = await createSource();
    const at = await speak(source);
    await pass(2 * MINUTE_MS, source);
    await database.query('delete from events where source_id = $1', [source['id']]);
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: null });
  });

  it('is told as silence where it uses to speak, until it does again', async () => {
    const source = await createSource();
    let at = '';
    for (let half = 0; half < 4; half += 1) {
      at = await speak(source);
      await pass(12 * HOUR_MS, source);
    }
    clock.advance(3 * DAY_MS - 12 * HOUR_MS);
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: null });
    clock.advance(1);
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: at });
    clock.advance(MINUTE_MS);
    await waitUntil(async () => {
      const { rows } = await database.query('select warned_at from source_activity where source_id = $1', [
        source['id'],
      ]);
      return (rows as { warned_at: Date | null }[])[0]?.warned_at?.getTime() === clock.now().getTime();
    });
    // What it experiences is no change of it.
    expect(await view(source)).toMatchObject({ version: 1 });
    at = await speak(source);
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: null });
    await pass(2 * MINUTE_MS, source);
    const { rows } = await database.query('select warned_at from source_activity where source_id = $1', [source['id']]);
    expect(rows).toEqual([{ warned_at: null }]);
  });

  it('is no silence while it is disabled, nor just after', async () => {
    const source = await createSource();
    for (let half = 0; half < 4; half += 1) {
      await speak(source);
      await pass(12 * HOUR_MS, source);
    }
    clock.advance(10 * DAY_MS);
    const { last_event_at: at } = await view(source);
    expect(await view(source)).toMatchObject({ silent_since: at });
    await patch(source, { disabled: true });
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: null });
    await patch(source, { disabled: false });
    clock.advance(10 * DAY_MS);
    expect(await view(source)).toMatchObject({ last_event_at: at, silent_since: null });
    // The time without it is not one of its silences.
    await speak(source);
    await pass(2 * MINUTE_MS, source);
    const { rows } = await database.query('select longest_gap_seconds from source_activity where source_id = $1', [
      source['id'],
    ]);
    expect(rows).toEqual([{ longest_gap_seconds: (10 * DAY_MS) / 1_000 }]);
  });
});
