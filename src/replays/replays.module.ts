import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { CancellationsController } from './cancellations.controller.js';
import { CancellationsService } from './cancellations.service.js';
import { LateWork } from './late-work.js';
import { ReplaysController } from './replays.controller.js';
import { ReplaysService } from './replays.service.js';
import { RoutingsController } from './routings.controller.js';
import { RoutingsService } from './routings.service.js';

/** What admins do to the log's deliveries and events: send again, cancel, route again. */
@Module({
  imports: [DeliveriesModule, RoutesModule],
  controllers: [ReplaysController, CancellationsController, RoutingsController],
  providers: [LateWork, ReplaysService, CancellationsService, RoutingsService],
})
export class ReplaysModule {}
