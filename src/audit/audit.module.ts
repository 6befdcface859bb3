import { Module } from '@nestjs/common';
import { AuditService } from './audit.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { LogPages } from './log-pages.js';

@Module({ controllers: [EventsController, DeliveriesController], providers: [AuditService, LogPages] })
export class AuditModule {}
