import { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { OutgoingHttpModule } from '../../http/outgoing-http.module.js';
import { ZulipClient } from './zulip-client.js';
import { ZulipNotifier } from './zulip.notifier.js';

@Module({
  imports: [OutgoingHttpModule],
  providers: [
    {
      provide: ZulipClient,
      useFactory: (http: HttpService, clock: Clock) => new ZulipClient(http, clock),
      inject: [HttpService, Clock],
    },
    ZulipNotifier,
  ],
  exports: [ZulipNotifier],
})
export class ZulipNotifierModule {}
