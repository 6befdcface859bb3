import { Client } from 'pg';
import { DeliveryDesk, LANDS_WITHIN_MS } from '../support/delivery-desk.js';
import { waitUntil } from '../support/wait-until.js';

/** Of a lease of 10 s too little is left then for a request, which may take 8 s. */
const PAUSE_MS = 3_000;

/** A process that has started its own database takes whatever it finds. */
const NOT_ALONE = { DATABASE_URL: 'postgres://localhost/not-used', ENCRYPTION_KEY: 'k'.repeat(32) };

// The story: a process is stopped (a debugger, a suspended virtual machine, a database that hangs) after it has written
// down that it sends a message, and before it sends it. When it goes on, its lease may have run out: another one may have
// settled that very attempt and sent the message again. So the lease is looked at between the two, by clocks that go on
// meanwhile; and an attempt that began long ago is not carried out, since whoever looks it up counts from its beginning.
describe('a process that stands still between writing an attempt down and sending it', () => {
  let desk: DeliveryDesk;
  let client: Client;

  beforeEach(async () => {
    desk = await DeliveryDesk.start({ environment: NOT_ALONE });
    client = new Client({ connectionString: desk.gateway.databaseUrl });
    await client.connect();
    await desk.reply(1, 'before');
    await desk.inStates('delivered');
    // Renewals wait for this lock, beginnings of attempts do not.
    await client.query('begin');
    await client.query('select from destination_leases for share');
    desk.clock.advance(PAUSE_MS);
    await desk.reply(1, 'meanwhile');
    await desk.inStates('delivered', 'sending');
  });

  afterEach(async () => {
    await client.end();
    await desk.stop();
  });

  it('sends nothing if another one has taken the destination over', async () => {
    const { clock, zulip } = desk;
    await client.query(`
      update destination_leases
      set owner = gen_random_uuid(), fence = fence + 1, expires_at = clock_timestamp() + interval '1 hour'`);
    await client.query('commit');
    await desk.reply(2, 'not mine');
    // Time for whatever it wants to do: heartbeats, polls, safety nets.
    for (let look = 0; look < 20; look += 1) {
      clock.advance(1_000);
      await desk.inStates('delivered', 'sending', 'pending');
    }
    expect(zulip.received).toHaveLength(1);
    // The other one dies: now it is this one's again, and it asks before it repeats.
    await client.query("update destination_leases set expires_at = clock_timestamp() - interval '1 second'");
    await desk.passTimeUntilDelivered();
    expect(desk.lookUps).toBe(1);
    expect(desk.texts.sort()).toEqual(['before', 'meanwhile', 'not mine']);
  });

  it('begins the attempt anew if its lease still holds, so that nobody looks it up too early', async () => {
    const { clock, zulip } = desk;
    zulip.answerNext('reset');
    clock.advance(LANDS_WITHIN_MS);
    await client.query('commit');
    await waitUntil(() => {
      clock.advance(200);
      return zulip.received.length === 2;
    });
    const sentAt = clock.now().getTime();
    const [, delivery] = await waitUntil(async () => {
      const all = await desk.deliveries();
      return all[1]?.['reason'] === 'network' && all;
    });
    const attempts = await desk.attemptsOf(delivery);
    expect(attempts).toMatchObject([
      { outcome: 'retry', reason: 'interrupted', in_doubt: false },
      { outcome: 'retry', reason: 'network', in_doubt: true },
    ]);
    expect(Date.parse(String(delivery?.['next_attempt_at']))).toBeGreaterThan(sentAt + LANDS_WITHIN_MS - 2_000);
    expect(delivery).toMatchObject({ attempts: 1 });
    await desk.passTimeUntilDelivered();
    expect(desk.texts).toEqual(['before', 'meanwhile']);
  });
});
