import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { Details } from './details.js';
import { EventLoop } from './event-loop.js';
import { HealthController } from './health.controller.js';
import { HealthMetrics } from './health-metrics.js';
import { Readiness } from './readiness.js';

@Module({
  imports: [AccessModule, DeliveriesModule, IntakeModule],
  controllers: [HealthController],
  providers: [Details, EventLoop, HealthMetrics, Readiness],
  exports: [Readiness],
})
export class HealthModule {}
