import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { DeskAccess } from './desk-access.js';
import { DeskLog } from './desk-log.js';
import { DeskSubscribersService } from './desk-subscribers.service.js';
import { DeskTicketsService } from './desk-tickets.service.js';
import { ServiceStatusController } from './service-status.controller.js';
import { ServiceStatusService } from './service-status.service.js';
import { SubscribersController } from './subscribers.controller.js';
import { TicketsController } from './tickets.controller.js';

/** The built-in ticket desk: tickets over REST, and the calling back of whoever subscribed to them. */
@Module({
  imports: [DeliveriesModule, DestinationsModule, RoutesModule, SourcesModule],
  controllers: [TicketsController, ServiceStatusController, SubscribersController],
  providers: [DeskAccess, DeskLog, DeskSubscribersService, DeskTicketsService, ServiceStatusService],
})
export class TicketDeskModule {}
