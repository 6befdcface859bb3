import { Module } from '@nestjs/common';
import { NotifierRegistry } from './notifier-registry.js';
import { WebhookNotifierModule } from './webhook/webhook-notifier.module.js';
import { ZulipNotifierModule } from './zulip/zulip-notifier.module.js';

@Module({
  imports: [ZulipNotifierModule, WebhookNotifierModule],
  providers: [NotifierRegistry],
  exports: [NotifierRegistry],
})
export class NotifiersModule {}
