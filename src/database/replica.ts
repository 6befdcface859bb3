import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import type { Database, Queryable, Statement } from './database.js';

/** How often it is looked at. */
const LOOK_MS = 5_000;

/** Whether a replica answers, and if not, why. */
export const REPLICA_STATES = ['in_use', 'lagging', 'away', 'not_a_replica'] as const;
export type ReplicaState = (typeof REPLICA_STATES)[number];

/** What is known of a replica. */
export interface ReplicaStatus {
  state: ReplicaState;
  /** By how much it is behind; null where that cannot be told. */
  lag_seconds: number | null;
}

/*
 * By the position in the write-ahead log rather than by the clock alone: where nothing is written, the last transaction
 * that a replica replayed may be an hour old, and it is level all the same.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
 */
const POSITION: Statement = { name: 'wal-position', text: 'select pg_current_wal_lsn()::text as position' };
const LAG: Statement = {
  name: 'replica-lag',
  text: `
    select pg_is_in_recovery() as is_replica,
           case when not pg_is_in_recovery() then null
                when pg_last_wal_replay_lsn() >= $1::pg_lsn then 0
                else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
           end as lag_seconds`,
};

/**
 * Watches a streaming replica of the database, and says whether it can be asked: a log that is far behind is not what an
 * auditor asks about.
 */
export class Replica {
  private readonly logger = new Logger('replica');
  private readonly rounds: Rounds;
  private status: ReplicaStatus = { state: 'away', lag_seconds: null };
  /** When it was last seen to have all that the primary had, by the steady clock. */
  private levelAt: number | undefined;

  constructor(
    readonly database: Database,
    private readonly primary: Queryable,
    private readonly clock: Clock,
    private readonly mostLagSeconds: number,
  ) {
    this.rounds = new Rounds(clock, LOOK_MS, () => this.look());
  }

  /** Looks at it once, then again and again. */
  async start(): Promise<void> {
    await this.look();
    this.rounds.start();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    await this.database.close();
  }

  get isUsable(): boolean {
    return this.status.state === 'in_use';
  }

  get current(): ReplicaStatus {
    return this.status;
  }

  /** It has failed to answer: it is not asked again before it has been looked at. */
  failed(error: unknown): void {
    this.change({ state: 'away', lag_seconds: null }, error);
  }

  private async look(): Promise<void> {
    let position: string;
    const askedAt = this.clock.steady();
    try {
      const [row] = await this.primary.query<{ position: string }>(POSITION, []);
      position = row?.position ?? '0/0';
    } catch {
      // The primary is away, which others tell: what is known of the replica stays, and is better than nothing.
      return;
    }
    try {
      const [row] = await this.database.query<{ is_replica: boolean; lag_seconds: number | null }>(LAG, [position]);
      if (row?.lag_seconds === 0) this.levelAt = askedAt;
      this.change(this.judge(row?.is_replica === true, row?.lag_seconds ?? null));
    } catch (error) {
      this.failed(error);
    }
  }

  private change(status: ReplicaStatus, error?: unknown): void {
    const before = this.status.state;
    this.status = status;
    if (status.state === before) return;
    if (status.state === 'in_use') this.logger.log('the replica answers what auditors ask');
    else this.logger.warn({ err: error, ...status }, 'the replica is not asked; the primary answers instead');
  }

  private judge(isReplica: boolean, lag: number | null): ReplicaStatus {
    // What was promoted, or never was one, may say anything.
    if (!isReplica) return { state: 'not_a_replica', lag_seconds: null };
    // What it replayed last may be old although nothing is missing but a checkpoint: it is not further behind than the
    // moment at which it was level.
    const sinceLevel = this.levelAt === undefined ? Infinity : (this.clock.steady() - this.levelAt) / 1_000;
    const most = Math.min(lag ?? Infinity, sinceLevel);
    if (most === Infinity) return { state: 'lagging', lag_seconds: null };
    const seconds = Math.round(Math.max(most, 0) * 1_000) / 1_000;
    return { state: seconds <= this.mostLagSeconds ? 'in_use' : 'lagging', lag_seconds: seconds };
  }
}
