import { type Clock, SystemClock } from '../../clock/clock.js';
import { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { loopbackPolicy } from '../../outgoing/testing/loopback-policy.js';
import type { NotifierDestination } from '../notifier.js';
import { ZulipClient } from '../zulip/zulip-client.js';
import { ZulipNotifier } from '../zulip/zulip.notifier.js';

/** The notifier with real connections, and what closes them. */
export interface ZulipUnderTest {
  notifier: ZulipNotifier;
  close: () => Promise<void>;
}

export function makeZulipNotifier(clock: Clock = new SystemClock()): ZulipUnderTest {
  const http = new OutgoingHttp(loopbackPolicy());
  return { notifier: new ZulipNotifier(new ZulipClient(http, clock)), close: () => http.onApplicationShutdown() };
}

export function zulipDestination(
  site: string,
  apiKey = 'key',
  channel: string | number = 'support',
  email = 'bot@example.com',
): NotifierDestination {
  return { id: 'd', name: 'Zulip', settings: { site, email, channel }, secrets: { api_key: apiKey } };
}
