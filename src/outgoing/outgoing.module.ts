import { Global, Module } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { splitAddressRanges } from '../config/is-address-range-list.js';
import { OutboundPolicy } from './outbound-policy.js';
import { OutgoingHttp } from './outgoing-http.js';

/** One policy and one pool of connections for the whole process. */
@Global()
@Module({
  providers: [
    {
      provide: OutboundPolicy,
      useFactory: ({ OUTBOUND_ALLOW }: Environment) => new OutboundPolicy(splitAddressRanges(OUTBOUND_ALLOW ?? '')),
      inject: [Environment],
    },
    {
      provide: OutgoingHttp,
      useFactory: (policy: OutboundPolicy) => new OutgoingHttp(policy),
      inject: [OutboundPolicy],
    },
  ],
  exports: [OutboundPolicy, OutgoingHttp],
})
export class OutgoingModule {}
