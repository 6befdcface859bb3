import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from '../clock/clock.js';
import { AuditDatabase, type ReplicaOptions } from './audit-database.js';
import { Database } from './database.js';
import { Notifications } from './notifications.js';
import { PartitionKeeper } from './partition-keeper.js';
import { PoolMetrics } from './pool-metrics.js';
import { UpkeepMetrics } from './upkeep-metrics.js';

/** Intake writes by one connection at a time; the dispatcher works four lanes a destination. */
const HOT_CONNECTIONS = 10;
/** What admins manage is small and rarely touched: three for changes, two for what registers hooks, some for who looks. */
const ADMIN_CONNECTIONS = 8;

@Global()
@Module({})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditDatabase) private readonly auditDatabase: AuditDatabase,
    private readonly notifications: Notifications,
  ) {}

  /**
   * @param url the database that the migrations have already brought up to date
   * @param directUrl the same past a pooler, where one stands before it
   * @param replica a streaming replica of it, where there is one
   */
  static register(url: string, directUrl = url, replica?: Omit<ReplicaOptions, 'clock'>): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url,
          autoLoadEntities: true,
          synchronize: false,
          applicationName: 'deskwire-admin',
          extra: { max: ADMIN_CONNECTIONS, connectionTimeoutMillis: 5_000 },
          retryAttempts: 3,
        }),
      ],
      providers: [
        PartitionKeeper,
        PoolMetrics,
        UpkeepMetrics,
        { provide: Database, useFactory: () => new Database(url, HOT_CONNECTIONS) },
        {
          provide: AuditDatabase,
          useFactory: (clock: Clock) => new AuditDatabase(url, replica && { ...replica, clock }),
          inject: [Clock],
        },
        { provide: Notifications, useFactory: () => new Notifications(directUrl) },
      ],
      exports: [Database, AuditDatabase, Notifications],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.auditDatabase.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.notifications.stop(), this.database.close(), this.auditDatabase.close()]);
  }
}
