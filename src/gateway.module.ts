import { type DynamicModule, Module } from '@nestjs/common';
import type { DestinationStream } from 'pino';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { type Clock, SystemClock } from './clock/clock.js';
import { ClockModule } from './clock/clock.module.js';
import { ConfigAsCodeModule } from './config-as-code/config-as-code.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { DatabaseModule } from './database/database.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { DestinationsModule } from './destinations/destinations.module.js';
import { ErasuresModule } from './erasures/erasures.module.js';
import { HealthModule } from './health/health.module.js';
import type { ConnectionLimits } from './http/connection-limits.js';
import { HttpFoundationModule } from './http/http-foundation.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { LogFollowerModule } from './log-follower/log-follower.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PreviewModule } from './preview/preview.module.js';
import { RawReadsModule } from './raw-reads/raw-reads.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { ReplaysModule } from './replays/replays.module.js';
import { RoutesModule } from './routes/routes.module.js';
import { SandboxModule } from './sandbox/sandbox.module.js';
import type { KeySource } from './secrets/encryption-keys.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { SourcesModule } from './sources/sources.module.js';
import { SubscriptionsModule } from './sources/subscriptions/subscriptions.module.js';
import { StartUpModule } from './start-up/start-up.module.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { TicketDeskModule } from './ticket-desk/ticket-desk.module.js';
import { loggingModule } from './telemetry/logging.module.js';
import type { Tracer } from './telemetry/tracing/tracer.js';
import { TracingModule } from './telemetry/tracing/tracing.module.js';

/** What a process is made of beside the configuration. */
export interface GatewayParts {
  environment: Environment;
  databaseUrl: string;
  /** The same database past a pooler, where one stands before it. */
  directDatabaseUrl?: string;
  /** One key, or where several are found. */
  encryptionKey: string | KeySource;
  /** The system's unless given. */
  clock?: Clock;
  /** In place of what connections are held to otherwise. */
  connectionLimits?: Partial<ConnectionLimits>;
  /** Where log lines go: standard output unless given. */
  logStream?: DestinationStream;
  /** What it traces with, where it does. */
  tracer?: Tracer;
}

/** The one list of what a process is made of. */
@Module({})
export class GatewayModule {
  static register(parts: GatewayParts): DynamicModule {
    const { environment, databaseUrl, directDatabaseUrl, encryptionKey, clock, logStream, tracer } = parts;
    return {
      module: GatewayModule,
      imports: [
        ConfigModule.register(environment),
        loggingModule(environment, logStream),
        TracingModule.register(tracer),
        MetricsModule,
        ClockModule.register(clock ?? new SystemClock()),
        SecretsModule.register(encryptionKey),
        DatabaseModule.register(databaseUrl, directDatabaseUrl, replicaOf(environment)),
        HttpFoundationModule,
        ChangesModule,
        AccessModule,
        SourcesModule,
        SubscriptionsModule,
        DestinationsModule,
        RoutesModule,
        IntakeModule,
        TicketDeskModule,
        DeliveriesModule,
        LogFollowerModule,
        AuditModule,
        RetentionModule.register(directDatabaseUrl ?? databaseUrl),
        StatisticsModule,
        ReplaysModule,
        RawReadsModule,
        ErasuresModule,
        PreviewModule,
        ConfigAsCodeModule,
        SandboxModule,
        HealthModule,
        StartUpModule,
      ],
    };
  }
}

function replicaOf(environment: Environment): { url: string; mostLagSeconds: number } | undefined {
  const url = environment.DATABASE_REPLICA_URL;
  return url === undefined ? undefined : { url, mostLagSeconds: environment.DATABASE_REPLICA_MAX_LAG_SECONDS };
}
