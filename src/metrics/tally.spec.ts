import { Metrics } from './metrics.js';
import { Tally } from './tally.js';

describe('Tally', () => {
  const makeTally = (): { metrics: Metrics; tally: Tally } => {
    const metrics = new Metrics();
    const labelNames = ['provider', 'outcome', 'status'] as const;
    return { metrics, tally: new Tally(metrics, { name: 'webhooks_total', help: 'Webhooks.', labelNames }) };
  };

  it('counts by three labels, as often as it is asked', async () => {
    const { metrics, tally } = makeTally();
    tally.begin('groove', 'queue_full', 503);
    tally.add('groove', 'accepted', 202);
    tally.add('groove', 'accepted', 202);
    tally.add('groove', 'accepted', 200);
    tally.add('generic', 'accepted', 202);
    tally.begin('groove', 'accepted', 202);
    const text = `# HELP webhooks_total Webhooks.
# TYPE webhooks_total counter
webhooks_total{provider="groove",outcome="queue_full",status="503"} 0
webhooks_total{provider="groove",outcome="accepted",status="202"} 2
webhooks_total{provider="groove",outcome="accepted",status="200"} 1
webhooks_total{provider="generic",outcome="accepted",status="202"} 1
`;
    expect(await metrics.metrics()).toBe(text);
    expect(await metrics.metrics()).toBe(text);
  });

  it('counts what is read before anything is told', async () => {
    const { metrics, tally } = makeTally();
    metrics.readBefore(async () => {
      await Promise.resolve();
      tally.add('groove', 'accepted', 202);
    });
    expect(await metrics.metrics()).toContain('webhooks_total{provider="groove",outcome="accepted",status="202"} 1');
  });
});
