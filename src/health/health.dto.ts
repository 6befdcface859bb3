import { ApiProperty } from '@nestjs/swagger';

const STATES = ['starting', 'started', 'stopping'] as const;

export class ProcessCheck {
  ok!: boolean;
  @ApiProperty({ enum: STATES })
  state!: (typeof STATES)[number];
}

export class DatabaseCheck {
  ok!: boolean;
  /**
   * How long its answer took; null when there was none within two seconds.
   * @example 0.8
   */
  milliseconds!: number | null;
}

export class MigrationsCheck {
  /** Whether the schema has all that this version takes; a newer one is no fault. */
  ok!: boolean;
  /** @example ['IndexLog1796100000000'] */
  missing!: string[];
}

/** The webhooks that wait to be committed. */
export class QueueCheck {
  ok!: boolean;
  /** @example 12 */
  webhooks!: number;
  /** @example 24576 */
  bytes!: number;
  /**
   * By number or by bytes; from 1 on webhooks are refused.
   * @example 0.0024
   */
  fill!: number;
}

/** The destinations that this process sends to. */
export class LeasesCheck {
  ok!: boolean;
  /** @example 3 */
  held!: number;
  /**
   * Since the last heartbeat that the database answered; null in a process that delivers nothing.
   * @example 0.6
   */
  heartbeat_age_seconds!: number | null;
}

/** What it takes to be ready. */
export class ReadinessChecks {
  process!: ProcessCheck;
  database!: DatabaseCheck;
  migrations!: MigrationsCheck;
  queue!: QueueCheck;
  leases!: LeasesCheck;
}

export class ReadyView {
  @ApiProperty({ enum: ['ok', 'unavailable'] })
  status!: 'ok' | 'unavailable';
  /** With a key of the role `admin` or `auditor`. */
  checks?: ReadinessChecks;
}

/** How late timers were since somebody asked last. */
export class EventLoopView {
  /** @example 1.1 */
  p50_ms!: number;
  /** @example 4.2 */
  p99_ms!: number;
  /** @example 11.9 */
  max_ms!: number;
}

export class LiveView {
  /** @example 'ok' */
  status!: 'ok';
  /**
   * With a key of the role `admin` or `auditor`, as all below.
   * @example '0.1.0'
   */
  version?: string;
  /** @example 'all' */
  role?: string;
  /** @example 86400.5 */
  uptime_seconds?: number;
  event_loop?: EventLoopView;
}
