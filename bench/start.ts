import { startGatewayProcess, temporaryDirectory } from './gateway-process.js';
import { type Spread, spread } from './percentiles.js';

const COLD_RUNS = 3;
const WARM_RUNS = 5;

/** Milliseconds from spawn to ready: on an empty data directory, and on one that was used before. */
export interface StartResult {
  cold_ms: Spread;
  warm_ms: Spread;
}

export async function run(): Promise<StartResult> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < COLD_RUNS; run += 1) {
    const directory = temporaryDirectory();
    cold.push(await startAndStop(directory.path));
    if (run === COLD_RUNS - 1) {
      for (let again = 0; again < WARM_RUNS; again += 1) warm.push(await startAndStop(directory.path));
    }
    directory.remove();
  }
  return { cold_ms: spread(cold), warm_ms: spread(warm) };
}

async function startAndStop(dataDir: string): Promise<number> {
  const gateway = await startGatewayProcess(dataDir);
  await gateway.stop();
  return gateway.startMs;
}
