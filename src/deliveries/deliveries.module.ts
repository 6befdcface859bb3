import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { AttemptLog } from './attempt-log.js';
import { Deliverer } from './deliverer.js';
import { DeliverySignal } from './delivery-signal.js';
import { Dispatcher } from './dispatcher.js';

@Module({
  imports: [DestinationsModule, NotifiersModule],
  providers: [Dispatcher, Deliverer, AttemptLog, DeliverySignal],
  exports: [Dispatcher, DeliverySignal],
})
export class DeliveriesModule {}
