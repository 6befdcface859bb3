import { DestinationsService } from '../../src/destinations/destinations.service.js';
import { DeliveryEngine } from '../support/delivery-engine.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { waitUntil } from '../support/wait-until.js';

const FIVE_MINUTES = 300_000;
/** Beyond a second, an attempt that has begun on record is not sent any more, but begun anew. */
const STEP_MS = 900;
const unauthorized = { status: 401, body: { result: 'error', code: 'UNAUTHORIZED', msg: 'no' } };
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const noChannel = {
  status: 400,
  body: { result: 'error', code: 'STREAM_DOES_NOT_EXIST', msg: 'no', stream: 'bücher' },
};

describe('a pause', () => {
  let engine: DeliveryEngine;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
  });

  afterEach(async () => {
    await engine.stop();
  });

  const paused = (): Promise<Record<string, unknown>[]> =>
    waitUntil(async () => {
      const pauses = await engine.pauses();
      return pauses.length > 0 && pauses;
    });
  const goesOn = (): Promise<unknown> => waitUntil(async () => (await engine.pauses()).length === 0);
  /** The key is wrong, and a delivery has found that out; another stands in another lane. */
  const pauseByKey = async (): Promise<void> => {
    engine.zulip.answerBy(() => unauthorized);
    await engine.reply(1, 'one');
    await paused();
    await engine.reply(2, 'two');
    await engine.reply(1, 'behind one');
    engine.zulip.received.length = 0;
  };
  const admit = (): void => {
    engine.zulip.answerBy(() => undefined);
  };
  const texts = (): string[] => engine.said.flat();

  describe('for a refused key', () => {
    it('holds the whole destination, visibly, and costs no attempt', async () => {
      await pauseByKey();
      const [pause, ...others] = await engine.pauses();
      expect(others).toEqual([]);
      expect(pause).toMatchObject({ channel: null, reason: 'auth', detail: expect.stringContaining('UNAUTHORIZED') });
      const since = new Date(String(pause?.['since'])).getTime();
      expect(new Date(String(pause?.['next_probe_at'])).getTime() - since).toBe(FIVE_MINUTES);
      engine.clock.advance(FIVE_MINUTES - 1_000);
      const all = await engine.recorded(['pending', 'pending', 'pending']);
      expect(all.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
      expect(engine.zulip.received).toEqual([]);
    });

    it('is probed every five minutes by one message', async () => {
      await pauseByKey();
      for (let probes = 1; probes <= 2; probes += 1) {
        engine.clock.advance(FIVE_MINUTES);
        await waitUntil(() => engine.zulip.received.length === probes);
        await engine.recorded(['pending', 'pending', 'pending']);
      }
      const all = await engine.deliveries();
      expect(all.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    });

    it('ends with a probe that succeeds, and everything goes at once, in order', async () => {
      await pauseByKey();
      admit();
      engine.clock.advance(FIVE_MINUTES);
      await engine.delivered(3);
      expect(texts().filter((text) => text.endsWith('one'))).toEqual(['one', 'behind one']);
      await goesOn();
    });

    it('ends when an admin says so', async () => {
      await pauseByKey();
      admit();
      const { id } = await engine.destination();
      const answer = await engine.api('POST', `/destinations/${String(id)}/resume`);
      expect(answer).toMatchObject({ status: 200, body: { id, pauses: [] } });
      await engine.delivered(3);
      await waitUntil(async () => (await engine.sql('select 1 from pauses')).length === 0);
    });

    it('that an admin ends lets go what waited for its own next try, too', async () => {
      engine.zulip.answerNext(broken);
      await engine.reply(7, 'seven');
      await waitUntil(async () => (await engine.deliveries())[0]?.['attempts'] === 1);
      await pauseByKey();
      admit();
      const { id } = await engine.destination();
      await engine.api('POST', `/destinations/${String(id)}/resume`);
      await engine.delivered(4);
    });

    it('begins anew when an admin was wrong', async () => {
      await pauseByKey();
      engine.clock.advance(10_000);
      const { id } = await engine.destination();
      await engine.api('POST', `/destinations/${String(id)}/resume`);
      const [pause] = await paused();
      expect(new Date(String(pause?.['since']))).toEqual(engine.clock.now());
      await engine.recorded(['pending', 'pending', 'pending']);
    });

    it('is nothing that an auditor may end', async () => {
      await pauseByKey();
      const { body } = await engine.api('POST', '/api-keys', { name: 'Audit', role: 'auditor' });
      const { id } = await engine.destination();
      const path = `/destinations/${String(id)}`;
      expect(await engine.api('POST', `${path}/resume`, undefined, String(body['key']))).toMatchObject({ status: 403 });
      expect(await engine.api('GET', path, undefined, String(body['key']))).toMatchObject({ status: 200 });
      expect(await engine.pauses()).toHaveLength(1);
      expect(await engine.api('POST', '/destinations/01a20af0-11ce-761f-abb6-0662c68a5f3e/resume')).toMatchObject({
        status: 404,
      });
    });

    it('ends when the destination is changed', async () => {
      await pauseByKey();
      const other = await ScriptedZulip.start();
      const { id } = await engine.destination();
      await engine.app.get(DestinationsService, { strict: false }).moveSite(String(id), other.site);
      await engine.delivered(3);
      expect(other.taken).toHaveLength(3);
      await goesOn();
      await other.stop();
    });

    it('outlives a restart', async () => {
      await pauseByKey();
      const [before] = await engine.pauses();
      await engine.restart();
      await engine.reply(3, 'three');
      await engine.recorded(['pending', 'pending', 'pending', 'pending']);
      expect(engine.zulip.received).toEqual([]);
      expect(await engine.pauses()).toEqual([before]);
      admit();
      engine.clock.advance(FIVE_MINUTES);
      await engine.delivered(4);
    });

    it('ends at the next start where the settings were changed meanwhile', async () => {
      await pauseByKey();
      admit();
      await engine.restart(() => engine.sql(`update destinations set settings = settings || '{"topic":"Desk"}'`));
      await engine.delivered(3);
    });
  });

  describe('for a missing channel', () => {
    beforeEach(async () => {
      const matchers = [{ field: 'message.text', op: 'matches', value: 'bill' }];
      await engine.route({ channel: 'BÜCHER', stop: true }, matchers);
      engine.zulip.answerBy(({ to }) => (to === 'BÜCHER' ? noChannel : undefined));
      await engine.reply(1, 'bill one');
      await paused();
      await engine.reply(1, 'one');
      await engine.reply(2, 'two');
      await engine.reply(1, 'bill behind one');
    });

    it('holds that channel alone; others go on, for the same ticket too', async () => {
      const all = await engine.recorded(['pending', 'delivered', 'delivered', 'pending']);
      expect(all.map(({ attempts }) => attempts)).toEqual([0, 1, 1, 0]);
      expect(await engine.pauses()).toMatchObject([{ channel: 'BÜCHER', reason: 'not_found' }]);
      expect(engine.zulip.received.filter(({ to }) => to === 'BÜCHER')).toHaveLength(1);
    });

    it('ends with a probe that succeeds, and what waited goes in order', async () => {
      await engine.recorded(['pending', 'delivered', 'delivered', 'pending']);
      engine.clock.advance(FIVE_MINUTES);
      await waitUntil(() => engine.zulip.received.filter(({ to }) => to === 'BÜCHER').length === 2);
      await engine.recorded(['pending', 'delivered', 'delivered', 'pending']);
      admit();
      engine.clock.advance(FIVE_MINUTES);
      await engine.delivered(4);
      expect(texts().filter((text) => text.startsWith('bill'))).toEqual(['bill one', 'bill behind one']);
      await goesOn();
    });

    it('ends when an admin says so', async () => {
      await engine.recorded(['pending', 'delivered', 'delivered', 'pending']);
      admit();
      const { id } = await engine.destination();
      await engine.api('POST', `/destinations/${String(id)}/resume`);
      await engine.delivered(4, STEP_MS);
    });
  });
});
