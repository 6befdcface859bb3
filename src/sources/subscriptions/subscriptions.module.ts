import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../../providers/providers.module.js';
import { SourcesModule } from '../sources.module.js';
import { SourceSubscription } from './subscription.entity.js';
import { SubscriptionLock } from './subscription-lock.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([SourceSubscription]), ProvidersModule, SourcesModule],
  controllers: [SubscriptionsController],
  providers: [SubscriptionsService, SubscriptionLock],
})
export class SubscriptionsModule {}
