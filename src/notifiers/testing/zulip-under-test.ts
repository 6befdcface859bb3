import { HttpService } from '@nestjs/axios';
import { Test } from '@nestjs/testing';
import { type Clock, SystemClock } from '../../clock/clock.js';
import { OutgoingHttpModule } from '../../http/outgoing-http.module.js';
import type { NotifierDestination } from '../notifier.js';
import { ZulipClient } from '../zulip/zulip-client.js';
import { ZulipNotifier } from '../zulip/zulip.notifier.js';

/** The notifier with real connections, and what closes them. */
export interface ZulipUnderTest {
  notifier: ZulipNotifier;
  close: () => Promise<void>;
}

export async function makeZulipNotifier(clock: Clock = new SystemClock()): Promise<ZulipUnderTest> {
  const outgoing = await Test.createTestingModule({ imports: [OutgoingHttpModule] }).compile();
  const http = outgoing.get(HttpService, { strict: false });
  return { notifier: new ZulipNotifier(new ZulipClient(http, clock)), close: () => outgoing.close() };
}

export function zulipDestination(
  site: string,
  apiKey = 'key',
  channel: string | number = 'support',
  email = 'bot@example.com',
): NotifierDestination {
  return { id: 'd', name: 'Zulip', settings: { site, email, channel }, secrets: { api_key: apiKey } };
}
