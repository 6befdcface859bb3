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
import { readBaseAddress } from '../read-base-address.js';
import { readPayload } from '../read-payload.js';

/**
 * Hooks at a ticket service, by the integration guide's `/webhooks/register` and `/webhooks/unregister/{id}`. One
 * registration brings every event, so that of chosen ones names them in our own address, where hooks let in no others.
 */
@Injectable()
export class TicketServiceSubscriptions implements UpstreamSubscriptions {
  constructor(private readonly client: HelpdeskClient) {}

  async register(
    { hookUrl, nativeTypes, isEverything }: SubscriptionWish,
    source: SourceAccess,
    onRegistered: (subscription: UpstreamSubscription) => Promise<void>,
  ): Promise<void> {
    const callbackUrl = isEverything ? hookUrl : `${hookUrl}?only_events=${nativeTypes.join(',')}`;
    const answer = await postHook(this.client, accessOf(source), {
      path: '/webhooks/register',
      failure: `The ticket service did not register ${nativeTypes.join(', ')}`,
      body: { callback_url: callbackUrl },
    });
    const id = readHookId(readPayload(answer, 'data'));
    for (const nativeType of nativeTypes) await onRegistered(omitUndefined<UpstreamSubscription>({ id, nativeType }));
  }

  async remove(subscriptionId: string, source: SourceAccess): Promise<void> {
    await deleteHook(this.client, accessOf(source), {
      path: `/webhooks/unregister/${encodeURIComponent(subscriptionId)}`,
      failure: `The ticket service did not unregister ${subscriptionId}`,
    });
  }
}

/** The guide knows no keys; where a service takes one, it goes to `api_url` only, which nobody changes without it. */
function accessOf({ settings, secrets }: SourceAccess): HelpdeskAccess {
  const address = readBaseAddress(settings['api_url']);
  const token = secrets.api_token;
  if (address !== undefined) return { address, ...(token !== undefined && { token }) };
  const base = readBaseAddress(settings['base_url']);
  if (base !== undefined) return { address: base };
  throw new HelpdeskNotConfiguredError(
    'Set settings.api_url to the address of the ticket service, below which it has /webhooks/register.',
  );
}
