import { Injectable } from '@nestjs/common';
import { HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type {
  SourceAccess,
  SubscriptionWish,
  UpstreamSubscription,
  UpstreamSubscriptions,
} from '../../ticket-event/provider-adapter.js';
import { type HelpdeskAccess, HelpdeskClient } from '../helpdesk-api/helpdesk-client.js';
import { deleteHook, postHook, readHookId } from '../helpdesk-api/hook-requests.js';
import { omitUndefined } from '../omit-undefined.js';
import { grooveAccess, unwrap } from './groove-api.js';

const WEBHOOKS = '/v1/webhooks';

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
      const failure = `Groove did not register ${event}`;
      const answer = await postHook(this.client, access, { path: WEBHOOKS, failure, body: { event, url: hookUrl } });
      // Its page shows an answer without an id, and a way to delete by id.
      const id = readHookId(unwrap(answer, 'webhook'));
      await onRegistered(omitUndefined<UpstreamSubscription>({ id, nativeType: event }));
    }
  }

  async remove(subscriptionId: string, source: SourceAccess): Promise<void> {
    await deleteHook(this.client, accessOf(source), {
      path: `${WEBHOOKS}/${encodeURIComponent(subscriptionId)}`,
      failure: `Groove did not remove the webhook ${subscriptionId}`,
    });
  }
}

function accessOf(source: SourceAccess): HelpdeskAccess {
  const access = grooveAccess(source);
  if (access) return access;
  throw new HelpdeskNotConfiguredError(
    'Groove takes registrations by its API only: set secrets.api_token to an access token of your Groove account.',
  );
}
