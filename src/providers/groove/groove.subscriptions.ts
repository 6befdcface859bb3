import { Injectable } from '@nestjs/common';
import { HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type {
  SourceAccess,
  SubscriptionWish,
  UpstreamSubscription,
  UpstreamSubscriptions,
} from '../../ticket-event/provider-adapter.js';
import { expectSuccess } from '../helpdesk-api/expect-success.js';
import { type HelpdeskAccess, HelpdeskClient } from '../helpdesk-api/helpdesk-client.js';
import { omitUndefined } from '../omit-undefined.js';
import { readLine } from '../read-payload.js';
import { grooveAccess, unwrap } from './groove-api.js';

const TIME_LIMIT_MS = 10_000;
const GONE = [404, 410];

/** Webhooks at Groove, one for each event: https://www.groovehq.com/docs/webhooks#creating-a-webhook */
@Injectable()
export class GrooveSubscriptions implements UpstreamSubscriptions {
  /**
   * Those that Groove's page offers. `ticket_state_changed` is not among them, and would tell again what `ticket_opened`
   * and `ticket_closed` tell.
   */
  readonly defaultTypes: readonly string[] = [
    'ticket_started',
    'ticket_opened',
    'ticket_closed',
    'ticket_assigned',
    'ticket_priority_changed',
    'ticket_deleted',
    'ticket_tagged',
    'ticket_moved',
    'customer_replied',
    'customer_added',
    'agent_invited',
    'agent_archived',
    'note_added',
    'agent_replied',
  ];

  constructor(private readonly client: HelpdeskClient) {}

  async register(
    { hookUrl, nativeTypes }: SubscriptionWish,
    source: SourceAccess,
    onRegistered: (subscription: UpstreamSubscription) => Promise<void>,
  ): Promise<void> {
    const access = accessOf(source);
    for (const event of nativeTypes) {
      const request = { method: 'POST', path: '/v1/webhooks', timeLimitMs: TIME_LIMIT_MS } as const;
      const asking = this.client.request(access, { ...request, body: { event, url: hookUrl } });
      const { body } = await expectSuccess(`Groove did not register ${event}`, asking);
      // Its page shows an answer without an id, and a way to delete by id.
      const id = readLine(unwrap(body, 'webhook'), 'id');
      await onRegistered(omitUndefined<UpstreamSubscription>({ id, nativeType: event }));
    }
  }

  async remove(subscriptionId: string, source: SourceAccess): Promise<void> {
    const path = `/v1/webhooks/${encodeURIComponent(subscriptionId)}`;
    const asking = this.client.request(accessOf(source), { method: 'DELETE', path, timeLimitMs: TIME_LIMIT_MS });
    await expectSuccess(`Groove did not remove the webhook ${subscriptionId}`, asking, GONE);
  }
}

function accessOf(source: SourceAccess): HelpdeskAccess {
  const access = grooveAccess(source);
  if (access) return access;
  throw new HelpdeskNotConfiguredError(
    'Groove takes registrations by its API only: set secrets.api_token to an access token of your Groove account.',
  );
}
