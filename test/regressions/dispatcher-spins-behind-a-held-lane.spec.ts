import { SystemClock } from '../../src/clock/clock.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const CALLS = 50;

/** Real time; counts how often anything goes to sleep. */
class CountingClock extends SystemClock {
  sleeps = 0;

  override after(delayMs: number, action: () => void): () => void {
    this.sleeps += 1;
    return super.after(delayMs, action);
  }
}

// The story: while a ticket's delivery waited for its retry and another of the same ticket stood behind it, the worker
// asked when the next one was due, was told of the one behind, whose time was past, slept for no time at all, found
// nothing that may be sent, and asked again: a thousand times a second, for as long as the retry took. A fake clock,
// which stands still, had hidden it.
it('rests while a lane waits for a retry, also with deliveries behind its head', async () => {
  const zulip = await ScriptedZulip.start();
  zulip.answerBy(() => ({ status: 500, body: { result: 'error', code: 'INTERNAL', msg: 'no' } }));
  const clock = new CountingClock();
  const bot = { ZULIP_SITE: zulip.site, ZULIP_EMAIL: 'bot@example.com', ZULIP_API_KEY: 'k', ZULIP_CHANNEL: 'support' };
  const gateway = await TestGateway.start({ SANDBOX: 'false', ...bot }, clock);
  try {
    await gateway.groove('ticket_started', { number: 1, title: 'Head' });
    await gateway.groove('ticket_closed', { number: 1, title: 'Behind it', state: 'closed' });
    await waitUntil(async () => (await gateway.api('GET', '/deliveries')).body.data.at(-1)?.['attempts'] === 1);
    const before = clock.sleeps;
    // Some hundred milliseconds of ordinary work, during each part of which it would spin several times.
    for (let call = 0; call < CALLS; call += 1) await gateway.api('GET', '/deliveries');
    expect(clock.sleeps - before).toBeLessThan(CALLS);
  } finally {
    await gateway.stop();
    await zulip.stop();
  }
});
