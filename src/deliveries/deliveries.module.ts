import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { DeliverySignal } from './delivery-signal.js';
import { Dispatcher } from './dispatcher.js';
import { Enrichment } from './enrichment/enrichment.js';
import { LeaseKeeper } from './leases/lease-keeper.js';
import { DeliveryMetrics } from './metrics/delivery-metrics.js';
import { OwnerMetrics } from './metrics/owner-metrics.js';
import { RateBudgets } from './rate-budgets.js';
import { DeliveryTraces } from './traces/delivery-traces.js';
import { WorkAnnouncer } from './work-announcer.js';

@Module({
  imports: [DestinationsModule, NotifiersModule, ProvidersModule, RoutesModule, SourcesModule],
  providers: [
    DeliveryMetrics,
    DeliverySignal,
    DeliveryTraces,
    Dispatcher,
    Enrichment,
    LeaseKeeper,
    OwnerMetrics,
    RateBudgets,
    WorkAnnouncer,
  ],
  exports: [DeliveryMetrics, Dispatcher, DeliverySignal, LeaseKeeper],
})
export class DeliveriesModule {}
