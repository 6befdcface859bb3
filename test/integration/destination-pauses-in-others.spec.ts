import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitUntil } from '../support/wait-until.js';

describe('a destination that an admin pauses in one process', () => {
  let cluster: Cluster;

  beforeEach(async () => {
    cluster = await Cluster.open(300);
  });
  afterEach(() => cluster.close());

  it('waits in another that delivers, and goes on there, at once', async () => {
    const { url } = await cluster.start('api');
    // Its clock stands still: it never polls, so that whatever it does it was told to do.
    await cluster.start('worker', new FakeClock());
    const [destination] = (await cluster.api(url, 'GET', '/destinations')).body.data;
    const path = `/destinations/${String(destination?.['id'])}`;
    await cluster.post(url, 1, 'before');
    await waitUntil(() => cluster.texts.length === 1);
    expect((await cluster.api(url, 'POST', `${path}/pause`)).status).toBe(200);
    // Until it is heard.
    await sleep(200);
    await cluster.post(url, 1, 'meanwhile');
    await cluster.post(url, 2, 'meanwhile, too');
    await sleep(2_500);
    expect(cluster.texts).toEqual(['before']);
    expect((await cluster.api(url, 'POST', `${path}/resume`)).status).toBe(200);
    await waitUntil(() => cluster.texts.length === 3);
    expect(await cluster.ask('select count(*)::int from pauses')).toBe(0);
  });
});
