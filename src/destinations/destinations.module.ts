import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { DestinationTester } from './destination-tester.js';
import { DestinationViews } from './destination-views.js';
import { DestinationsController } from './destinations.controller.js';
import { DestinationsService } from './destinations.service.js';
import { SubscribersService } from './subscribers.service.js';
import { WebhookDestinations } from './webhook-destinations.js';

@Module({
  imports: [TypeOrmModule.forFeature([Destination]), NotifiersModule],
  controllers: [DestinationsController],
  providers: [
    DestinationsService,
    DestinationDirectory,
    DestinationFailures,
    DestinationTester,
    DestinationViews,
    SubscribersService,
    WebhookDestinations,
  ],
  exports: [DestinationsService, DestinationDirectory, DestinationFailures, SubscribersService],
})
export class DestinationsModule {}
