import { Module } from '@nestjs/common';
import { NotifierRegistry } from './notifier-registry.js';
import { ZulipNotifierModule } from './zulip/zulip-notifier.module.js';

@Module({ imports: [ZulipNotifierModule], providers: [NotifierRegistry], exports: [NotifierRegistry] })
export class NotifiersModule {}
