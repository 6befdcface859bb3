import { BY_START } from '../../src/changes/admin-call.js';
import { AdminTransactions } from '../../src/changes/admin-transactions.js';
import { SourcesService } from '../../src/sources/sources.service.js';
import { call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

// The story: a configuration that changed one setting of the ticket desk took some seconds to apply, and held the desk's
// row in a way that forbade anybody to refer to it. Every ticket that was opened meanwhile waited with a connection of the
// hot path, until webhooks of other sources found none and were refused. Keys were looked up by the few connections of
// those who change things, so that four changes which waited for one another kept out everybody who had a key.
describe('while changes take long', () => {
  let gateway: TestGateway;
  let release: () => void;
  let held: Promise<unknown>[];

  beforeEach(async () => {
    gateway = await TestGateway.start();
    const { body } = await gateway.api('GET', '/sources');
    const desk = String(body.data.find(({ provider }) => provider === 'ticket-desk')?.['id']);
    const transactions = gateway.app.get(AdminTransactions, { strict: false });
    const sources = gateway.app.get(SourcesService, { strict: false });
    const mayEnd = new Promise<void>((resolve) => (release = resolve));
    let begun = 0;
    held = Array.from({ length: 6 }, (_each, index) =>
      transactions.run(BY_START, async (step) => {
        begun += 1;
        if (index === 0) await sources.updateIn(step, desk, { settings: { deduplicate_seconds: 1 } });
        await mayEnd;
      }),
    );
    await waitUntil(() => begun === 3);
  });

  afterEach(async () => {
    release();
    await Promise.all(held);
    await gateway.stop();
  });

  it('tickets of a source that is being changed are opened', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_each, index) =>
        call(`${gateway.url}/tickets`, {
          method: 'POST',
          headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ ticket_message: `Ticket ${index}` }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect((await gateway.groove('ticket_started', { number: 1, title: 'Hello' })).status).toBe(202);
  });

  it('who only looks is let in, and answered', async () => {
    const paths = ['/sources', '/destinations', '/routes', '/changes', '/deliveries'];
    const answers = await Promise.all(paths.map((path) => gateway.api('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  });
});
