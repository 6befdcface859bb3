import { Logger } from '@nestjs/common';
import type { Clock } from '../../clock/clock.js';
import type { Environment } from '../../config/environment.js';
import type { Tracer } from './tracer.js';

/**
 * Loads OpenTelemetry's SDK where traces are exported, and nothing of it otherwise.
 *
 * @returns undefined where nothing is traced
 */
export async function openTracer(environment: Environment, clock: Clock): Promise<Tracer | undefined> {
  if (!environment.exportsTraces()) return undefined;
  const { openTelemetryTracer } = await import('./open-telemetry-tracer.js');
  return openTelemetryTracer(environment, clock, new Logger('traces'));
}
