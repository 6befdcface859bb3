import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/**
 * What is the operating system process's rather than a gateway's: event loop, memory, processor. Measured from the first
 * time that somebody asks, so that it costs nothing where nobody does.
 */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
