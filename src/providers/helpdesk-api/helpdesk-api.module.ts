import { Module } from '@nestjs/common';
import { OutgoingModule } from '../../outgoing/outgoing.module.js';
import { HelpdeskClient } from './helpdesk-client.js';
import { LookUpDesk } from './look-ups.js';

/** For providers that call their helpdesk's API. */
@Module({
  imports: [OutgoingModule],
  providers: [HelpdeskClient, LookUpDesk],
  exports: [HelpdeskClient, LookUpDesk],
})
export class HelpdeskApiModule {}
