import { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { OutgoingHttpModule } from '../../http/outgoing-http.module.js';
import { ZulipClient } from './zulip-client.js';
import { ZulipNotifier } from './zulip.notifier.js';

@Module({
  imports: [OutgoingHttpModule],
  providers: [
    { provide: ZulipClient, useFactory: (http: HttpService) => new ZulipClient(http), inject: [HttpService] },
    ZulipNotifier,
  ],
  exports: [ZulipNotifier],
})
export class ZulipNotifierModule {}
