import { Cluster } from '../support/cluster.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitUntil } from '../support/wait-until.js';

const SHORTEST_LEASE_SECONDS = 3;
/** Longer than anything is waited for: what arrives did not have to wait until a lease ran out. */
const LONG_LEASE_SECONDS = 60;
const OWNERS = 'select count(distinct owner)::int from destination_leases where owner is not null';

describe('gateways on one database', () => {
  let cluster: Cluster;

  afterEach(async () => {
    await cluster.close();
  });

  const arrives = (text: string): Promise<true> => waitUntil(() => cluster.texts.includes(text));

  const allDelivered = (): Promise<boolean> =>
    waitUntil(async () => (await cluster.ask("select count(*)::int from deliveries where state <> 'delivered'")) === 0);

  it.each([
    ['all', 'all'],
    ['api', 'worker'],
  ])('deliver by one of them, at once, whichever takes the webhook: %s and %s', async (here, there) => {
    cluster = await Cluster.open(LONG_LEASE_SECONDS);
    // The owner's clock stands still: what it does not hear of, it does not find by a poll.
    const [first, second] =
      here === 'all'
        ? [await cluster.start(here, new FakeClock()), await cluster.start(there)]
        : [await cluster.start(here), await cluster.start(there, new FakeClock())];
    await cluster.post(first.url, 1, '0');
    await arrives('0');
    const urls = there === 'worker' ? [first.url] : [second.url, first.url];
    const texts = ['0'];
    for (const url of [...urls, ...urls]) {
      const text = String(texts.length);
      texts.push(text);
      await cluster.post(url, 1, text);
      await arrives(text);
    }
    expect(cluster.texts).toEqual(texts);
    expect(await cluster.ask(OWNERS)).toBe(1);
  });

  it('share a burst without doubling or shuffling anything', async () => {
    cluster = await Cluster.open(LONG_LEASE_SECONDS);
    const gateways = [await cluster.start('all'), await cluster.start('all')];
    const tickets = Array.from({ length: 6 }, (_, index) => index + 1);
    await Promise.all(
      tickets.map(async (ticket) => {
        for (let count = 0; count < 5; count += 1) {
          await cluster.post(gateways[(ticket + count) % 2]?.url ?? '', ticket, `${ticket}.${count}`);
        }
      }),
    );
    await allDelivered();
    expect(cluster.texts).toHaveLength(tickets.length * 5);
    for (const ticket of tickets) {
      const texts = cluster.texts.filter((text) => text.startsWith(`${ticket}.`));
      expect(texts).toEqual([0, 1, 2, 3, 4].map((count) => `${ticket}.${count}`));
    }
  });

  it('take over from one that is killed; nothing is lost, doubled or shuffled', async () => {
    cluster = await Cluster.open(SHORTEST_LEASE_SECONDS);
    const api = await cluster.start('api');
    const doomed = await cluster.spawn('worker');
    await cluster.post(api.url, 1, '1.0');
    await arrives('1.0');
    await cluster.start('worker');
    // The next message arrives, and its sender dies before it hears of it.
    cluster.zulip.answerNext('take-and-hang');
    await cluster.post(api.url, 1, '1.1');
    await arrives('1.1');
    await doomed.process.kill();
    await cluster.post(api.url, 1, '1.2');
    await cluster.post(api.url, 2, '2.0');
    await arrives('2.0');
    await allDelivered();
    expect(cluster.texts).toEqual(['1.0', '1.1', '2.0', '1.2']);
    expect(await cluster.ask("select count(*)::int from attempts where looked_up = 'found'")).toBe(1);
  });

  it('hand over at once when one is stopped in good order', async () => {
    cluster = await Cluster.open(LONG_LEASE_SECONDS);
    const api = await cluster.start('api');
    const stopped = await cluster.start('worker');
    await cluster.post(api.url, 1, 'before');
    await arrives('before');
    // Its clock stands still: it does not find out by a poll.
    await cluster.start('worker', new FakeClock());
    // It asks whether the destination is free, and is told who has it.
    await cluster.post(api.url, 1, 'during');
    await arrives('during');
    await stopped.stop();
    await cluster.post(api.url, 1, 'after');
    await arrives('after');
  });

  it('let nothing be sent by one that wakes from a standstill after its lease', async () => {
    cluster = await Cluster.open(SHORTEST_LEASE_SECONDS);
    const api = await cluster.start('api');
    const sleepy = await cluster.spawn('worker');
    await cluster.post(api.url, 1, '1.0');
    await arrives('1.0');
    await cluster.start('worker');
    // It falls asleep with a request in the air; the others work on.
    cluster.zulip.answerNext('take-and-hang');
    await cluster.post(api.url, 1, '1.1');
    await arrives('1.1');
    sleepy.process.signal('SIGSTOP');
    for (const text of ['2.0', '2.1']) await cluster.post(api.url, 2, text);
    await cluster.post(api.url, 1, '1.2');
    await arrives('1.2');
    sleepy.process.signal('SIGCONT');
    for (const text of ['1.3', '1.4']) await cluster.post(api.url, 1, text);
    await waitUntil(() => sleepy.process.output.includes('another process has taken a destination over'));
    await arrives('1.4');
    await sleepy.process.stop();
    await allDelivered();
    expect(cluster.texts).toEqual(['1.0', '1.1', '2.0', '2.1', '1.2', '1.3', '1.4']);
    expect(cluster.zulip.received).toHaveLength(7);
    expect(await cluster.ask("select count(distinct message_id)::int from attempts where outcome = 'sent'")).toBe(7);
  });
});
