import { Module } from '@nestjs/common';
import { OutgoingModule } from '../../outgoing/outgoing.module.js';
import { WebhookNotifier } from './webhook.notifier.js';

@Module({ imports: [OutgoingModule], providers: [WebhookNotifier], exports: [WebhookNotifier] })
export class WebhookNotifierModule {}
