import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { DeliverySignal } from './delivery-signal.js';
import { Dispatcher } from './dispatcher.js';
import { LeaseKeeper } from './leases/lease-keeper.js';
import { RateBudgets } from './rate-budgets.js';
import { WorkAnnouncer } from './work-announcer.js';

@Module({
  imports: [DestinationsModule, NotifiersModule, RoutesModule],
  providers: [Dispatcher, LeaseKeeper, RateBudgets, DeliverySignal, WorkAnnouncer],
  exports: [Dispatcher, DeliverySignal],
})
export class DeliveriesModule {}
