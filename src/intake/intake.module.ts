import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { HookDoor } from './hook-door.js';
import { HooksController } from './hooks.controller.js';
import { IntegrationsController } from './integrations/integrations.controller.js';
import { IntegrationsService } from './integrations/integrations.service.js';
import { IntakeService } from './intake.service.js';
import { KeySweeper } from './key-sweeper.js';
import { IntakeMetrics } from './metrics/intake-metrics.js';
import { WebhookCounts } from './metrics/webhook-counts.js';
import { RefusedAddressFilter } from './refused-address.filter.js';
import { WebhookTraces } from './traces/webhook-traces.js';
import { WebhookWriter } from './webhook-writer.js';

@Module({
  imports: [DeliveriesModule, DestinationsModule, ProvidersModule, RoutesModule, SourcesModule],
  controllers: [HooksController, IntegrationsController],
  providers: [
    HookDoor,
    IntakeMetrics,
    IntakeService,
    IntegrationsService,
    KeySweeper,
    RefusedAddressFilter,
    WebhookCounts,
    WebhookTraces,
    WebhookWriter,
  ],
  exports: [WebhookWriter],
})
export class IntakeModule {}
