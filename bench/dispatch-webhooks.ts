import { type DispatchResult, runDispatch } from './dispatch.js';
import type { BenchOptions } from './options.js';
import { webhookAt } from './receivers.js';

/** As `dispatch`, to a signed webhook. */
export function run(options: BenchOptions): Promise<DispatchResult> {
  return runDispatch(options, webhookAt);
}
