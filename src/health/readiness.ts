import { Injectable } from '@nestjs/common';
import { migrations } from '../../migrations/index.js';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { LeaseKeeper } from '../deliveries/leases/lease-keeper.js';
import { WebhookWriter } from '../intake/webhook-writer.js';
import type { ReadinessChecks } from './health.dto.js';
import { findMigrations } from './sql/find-migrations.js';

/** A database that takes longer than this to say anything is not one to send webhooks to. */
const DATABASE_ANSWER_MS = 2_000;

const MS_PER_SECOND = 1_000;
const OWN_MIGRATIONS = migrations.map(({ name }) => name);

type DatabaseChecks = Pick<ReadinessChecks, 'database' | 'migrations'>;

/** Whether this process can do its work. */
@Injectable()
export class Readiness {
  private started = false;
  private stopping = false;

  constructor(
    private readonly db: Database,
    private readonly writer: WebhookWriter,
    private readonly leases: LeaseKeeper,
    private readonly clock: Clock,
  ) {}

  /** The start-up is through: migrations, first sources, dispatcher. */
  markStarted(): void {
    this.started = true;
  }

  /** From now on balancers should send webhooks elsewhere. */
  markStopping(): void {
    this.stopping = true;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Looks at everything that it takes; never throws. */
  async check(): Promise<ReadinessChecks> {
    return {
      process: { ok: this.started && !this.stopping, state: this.state },
      ...(await this.checkDatabase()),
      queue: { ok: this.writer.depth.fill < 1, ...this.writer.depth },
      leases: this.checkLeases(),
    };
  }

  private get state(): ReadinessChecks['process']['state'] {
    if (this.stopping) return 'stopping';
    return this.started ? 'started' : 'starting';
  }

  /** A process whose heartbeats have stopped delivers nothing, and others take its destinations over. */
  private checkLeases(): ReadinessChecks['leases'] {
    const ageMs = this.leases.heartbeatAgeMs;
    return {
      ok: ageMs === undefined || ageMs < this.leases.leaseMs,
      held: this.leases.heldCount,
      heartbeat_age_seconds: ageMs === undefined ? null : ageMs / MS_PER_SECOND,
    };
  }

  /** One question for both: whether it answers, and whether its schema is the one that this process was made for. */
  private async checkDatabase(): Promise<DatabaseChecks> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, DATABASE_ANSWER_MS, null);
    });
    const began = this.clock.steady();
    try {
      // Whatever the error is, the answer to the probe is the same: not ready. The pool logs its own faults.
      const found = await Promise.race([findMigrations(this.db, OWN_MIGRATIONS).catch(() => null), tooLate]);
      const missing = found === null ? [] : OWN_MIGRATIONS.filter((name) => !found.has(name));
      const milliseconds = found === null ? null : this.clock.steady() - began;
      return {
        database: { ok: found !== null, milliseconds },
        migrations: { ok: found !== null && missing.length === 0, missing },
      };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @returns whether webhooks can be taken and stored, and deliveries made */
export function isReady(checks: ReadinessChecks): boolean {
  return Object.values(checks).every(({ ok }: { ok: boolean }) => ok);
}
