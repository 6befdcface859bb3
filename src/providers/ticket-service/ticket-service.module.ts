import { Module } from '@nestjs/common';
import { HelpdeskApiModule } from '../helpdesk-api/helpdesk-api.module.js';
import { TicketServiceAdapter } from './ticket-service.adapter.js';
import { TicketServiceSubscriptions } from './ticket-service.subscriptions.js';

@Module({
  imports: [HelpdeskApiModule],
  providers: [TicketServiceAdapter, TicketServiceSubscriptions],
  exports: [TicketServiceAdapter],
})
export class TicketServiceModule {
  static readonly adapter = TicketServiceAdapter;
}
