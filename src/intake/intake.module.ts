import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { HooksController } from './hooks.controller.js';
import { IntakeService } from './intake.service.js';
import { KeySweeper } from './key-sweeper.js';
import { WebhookWriter } from './webhook-writer.js';

@Module({
  imports: [DeliveriesModule, ProvidersModule, RoutesModule, SourcesModule],
  controllers: [HooksController],
  providers: [IntakeService, KeySweeper, WebhookWriter],
})
export class IntakeModule {}
