import { type Clock, SystemClock } from '../../../clock/clock.js';
import { OutgoingHttp } from '../../../outgoing/outgoing-http.js';
import { loopbackPolicy } from '../../../outgoing/testing/loopback-policy.js';
import { HelpdeskClient } from '../helpdesk-client.js';
import { LookUpDesk } from '../look-ups.js';

export interface HelpdeskParts {
  http: OutgoingHttp;
  client: HelpdeskClient;
  desk: LookUpDesk;
}

/** @returns what adapters call their helpdesk by, as Nest would put it together */
export function makeHelpdeskParts(clock: Clock = new SystemClock()): HelpdeskParts {
  const http = new OutgoingHttp(loopbackPolicy());
  const client = new HelpdeskClient(http, clock);
  return { http, client, desk: new LookUpDesk(client, clock) };
}
