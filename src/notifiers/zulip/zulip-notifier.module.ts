import { Module } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { OutgoingModule } from '../../outgoing/outgoing.module.js';
import { ZulipClient } from './zulip-client.js';
import { ZulipNotifier } from './zulip.notifier.js';

@Module({
  imports: [OutgoingModule],
  providers: [
    {
      provide: ZulipClient,
      useFactory: (http: OutgoingHttp, clock: Clock) => new ZulipClient(http, clock),
      inject: [OutgoingHttp, Clock],
    },
    ZulipNotifier,
  ],
  exports: [ZulipNotifier],
})
export class ZulipNotifierModule {}
