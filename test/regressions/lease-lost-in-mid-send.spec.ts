import { Cluster } from '../support/cluster.js';
import { waitUntil } from '../support/wait-until.js';

const SHORTEST_LEASE_SECONDS = 3;

// The story: a process lost its lease while a request of its was in the air: another one took the destination over,
// and put the delivery in doubt. The answer came late, and was written on the attempt, which nothing forbids: it is the
// truth. But then the new owner asked Zulip, found the message, saw that an attempt held it already (the very one it
// was asking for), concluded that its own had not arrived, and sent it once more. A late time-out did the opposite: it
// wiped the id that the new owner had found, so that the next equal message in doubt could take it.
describe('another process takes a destination over while a request is in the air', () => {
  let cluster: Cluster;

  beforeEach(async () => {
    cluster = await Cluster.open(SHORTEST_LEASE_SECONDS);
  });

  afterEach(async () => {
    await cluster.close();
  });

  const log = async (): Promise<Record<string, unknown>> => {
    const { rows } = await cluster.client.query<Record<string, unknown>>(`
      select d.state, d.message_id, d.attempts, a.looked_up, a.outcome, a.message_id as found
      from deliveries d
      join attempts a on a.delivery_id = d.id
      order by a.number`);
    return { ...rows[0], tries: rows.length };
  };

  /** As if its owner had been away for so long that the lease ran out, and somebody else took it. */
  const takeLeaseAway = (): Promise<unknown> =>
    cluster.ask('update destination_leases set owner = gen_random_uuid(), fence = fence + 1, expires_at = now()');

  it('and the answer, which comes late, is the truth: nothing is sent twice', async () => {
    const first = await cluster.start('all');
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    cluster.zulip.answerBy(async (message) => {
      const id = cluster.zulip.take(message);
      await answered;
      return { status: 200, body: { result: 'success', msg: '', id } };
    });
    await cluster.post(first.url, 1, 'once');
    await waitUntil(() => cluster.zulip.taken.length === 1);
    await takeLeaseAway();
    await cluster.start('worker');
    await waitUntil(async () => (await log())['state'] === 'pending');
    answer();
    await waitUntil(async () => (await log())['state'] === 'delivered');
    expect(await log()).toEqual({
      ...{ state: 'delivered', message_id: '100', attempts: 1 },
      ...{ looked_up: null, outcome: 'sent', found: '100', tries: 1 },
    });
    expect(cluster.zulip.received).toHaveLength(1);
  });

  it('and its time-out, which comes late, does not undo what the new owner has found', async () => {
    const first = await cluster.start('all');
    cluster.zulip.answerNext('take-and-hang');
    await cluster.post(first.url, 1, 'once');
    await waitUntil(() => cluster.zulip.taken.length === 1);
    await takeLeaseAway();
    // The new owner has settled it when the old one hears.
    await cluster.ask(`
      update attempts set outcome = 'sent', in_doubt = true, looked_up = 'found', message_id = 100`);
    await cluster.ask("update deliveries set state = 'delivered', attempts = 1, message_id = 100");
    cluster.zulip.dropConnections();
    await first.stop();
    expect(await log()).toEqual({
      ...{ state: 'delivered', message_id: '100', attempts: 1 },
      ...{ looked_up: 'found', outcome: 'sent', found: '100', tries: 1 },
    });
  });
});
