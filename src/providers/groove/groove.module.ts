import { Module } from '@nestjs/common';
import { HelpdeskApiModule } from '../helpdesk-api/helpdesk-api.module.js';
import { GrooveAdapter } from './groove.adapter.js';
import { GrooveEnricher } from './groove.enricher.js';
import { GrooveSubscriptions } from './groove.subscriptions.js';

@Module({
  imports: [HelpdeskApiModule],
  providers: [GrooveAdapter, GrooveEnricher, GrooveSubscriptions],
  exports: [GrooveAdapter],
})
export class GrooveModule {
  static readonly adapter = GrooveAdapter;
}
