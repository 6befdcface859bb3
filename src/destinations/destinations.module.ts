import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { Destination } from './destination.entity.js';
import { DestinationActionsController } from './destination-actions.controller.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { DestinationPauses } from './destination-pauses.js';
import { DestinationTrials } from './destination-trials.js';
import { DestinationViews } from './destination-views.js';
import { DestinationsController } from './destinations.controller.js';
import { DestinationsService } from './destinations.service.js';
import { NewDestinations } from './new-destinations.js';
import { SubscribersService } from './subscribers.service.js';
import { SecretRotation } from './secret-rotation.js';

@Module({
  imports: [TypeOrmModule.forFeature([Destination]), NotifiersModule],
  controllers: [DestinationsController, DestinationActionsController],
  providers: [
    DestinationsService,
    DestinationDirectory,
    DestinationFailures,
    DestinationPauses,
    DestinationTrials,
    DestinationViews,
    NewDestinations,
    SubscribersService,
    SecretRotation,
  ],
  exports: [DestinationsService, DestinationDirectory, DestinationFailures, SubscribersService],
})
export class DestinationsModule {}
