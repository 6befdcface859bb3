import { Module } from '@nestjs/common';
import { RawReadsModule } from '../raw-reads/raw-reads.module.js';
import { AuditService } from './audit.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { ExportsController } from './export/exports.controller.js';
import { LogExports } from './export/log-exports.js';
import { LogPages } from './log-pages.js';

@Module({
  imports: [RawReadsModule],
  controllers: [ExportsController, EventsController, DeliveriesController],
  providers: [AuditService, LogPages, LogExports],
})
export class AuditModule {}
