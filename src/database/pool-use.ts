import type { Pool } from 'pg';

/** How much of a pool of connections is in use. */
export interface PoolUse {
  /** Connections that it may have at most. */
  limit: number;
  busy: number;
  idle: number;
  /** Whoever waits for one. */
  waiting: number;
}

export function poolUse({ options, totalCount, idleCount, waitingCount }: Pool): PoolUse {
  return { limit: options.max, busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
