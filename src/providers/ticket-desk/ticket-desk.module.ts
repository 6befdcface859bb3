import { Module } from '@nestjs/common';
import { TicketDeskAdapter } from './ticket-desk.adapter.js';

@Module({ providers: [TicketDeskAdapter], exports: [TicketDeskAdapter] })
export class TicketDeskProviderModule {
  static readonly adapter = TicketDeskAdapter;
}
