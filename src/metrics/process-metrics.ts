import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges that are named as if they were counters, which `promtool check metrics` refuses; nothing is said by them here. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

let registry: Registry | undefined;

/**
 * What is the operating system process's rather than a gateway's: event loop, memory, processor. Measured from the first
 * time that somebody asks, so that it costs nothing where nobody does.
 */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  return registry;
}
