import { Client } from 'pg';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

// The story: a range of addresses that somebody had mended by hand, and mended wrongly, could not be read. With it no
// source could be: a gateway that started did not come up, and one that ran heard of no change any more.
it('a source whose ranges are damaged lets nobody in, and the others go on', async () => {
  const gateway = await TestGateway.start();
  const client = new Client({ connectionString: gateway.databaseUrl });
  try {
    await client.connect();
    const { body: damaged } = await gateway.api('POST', '/sources', { name: 'Damaged', provider: 'groove' });
    const settings = JSON.stringify({ allowed_ips: ['10.0.0.0/99'] });
    await client.query('update sources set settings = $2 where id = $1', [damaged['id'], settings]);
    const { body: later } = await gateway.api('POST', '/sources', { name: 'Later', provider: 'groove' });
    const post = (hookUrl: unknown): Promise<{ status: number }> =>
      gateway.groove('ticket_started', { number: 1, title: 'x' }, String(hookUrl));
    await waitUntil(async () => (await post(damaged['hook_url'])).status === 403);
    expect((await post(later['hook_url'])).status).toBe(202);
  } finally {
    await client.end();
    await gateway.stop();
  }
});
