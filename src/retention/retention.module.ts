import { type DynamicModule, Module } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Environment } from '../config/environment.js';
import { Retention } from './retention.js';
import { RetentionMetrics } from './retention-metrics.js';
import { retentionDays } from './retention-days.js';

@Module({})
export class RetentionModule {
  /** @param url of the database, past any pooler */
  static register(url: string): DynamicModule {
    return {
      module: RetentionModule,
      providers: [
        RetentionMetrics,
        {
          provide: Retention,
          useFactory: (environment: Environment, clock: Clock) => new Retention(url, retentionDays(environment), clock),
          inject: [Environment, Clock],
        },
      ],
    };
  }
}
