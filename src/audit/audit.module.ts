import { Module } from '@nestjs/common';
import { AuditService } from './audit.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { ExportsController } from './export/exports.controller.js';
import { LogExports } from './export/log-exports.js';
import { LogPages } from './log-pages.js';

@Module({
  controllers: [ExportsController, EventsController, DeliveriesController],
  providers: [AuditService, LogPages, LogExports],
})
export class AuditModule {}
