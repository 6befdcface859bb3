import { Injectable } from '@nestjs/common';
import { HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type {
  SourceAccess,
  SubscriptionWish,
  UpstreamSubscription,
  UpstreamSubscriptions,
} from '../../ticket-event/provider-adapter.js';
import { apiAddress } from '../helpdesk-api/api-address.js';
import { expectSuccess } from '../helpdesk-api/expect-success.js';
import { type HelpdeskAccess, HelpdeskClient } from '../helpdesk-api/helpdesk-client.js';
import { omitUndefined } from '../omit-undefined.js';
import { asPayload, readLine, readPayload } from '../read-payload.js';

const TIME_LIMIT_MS = 10_000;
const GONE = [404, 410];

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
    const names = nativeTypes.join(',');
    const callbackUrl = isEverything ? hookUrl : `${hookUrl}?only_events=${names}`;
    const request = { method: 'POST', path: '/webhooks/register', timeLimitMs: TIME_LIMIT_MS } as const;
    const asking = this.client.request(accessOf(source), { ...request, body: { callback_url: callbackUrl } });
    const { body } = await expectSuccess(`The ticket service did not register ${nativeTypes.join(', ')}`, asking);
    const id = readLine(readPayload(asPayload(body) ?? {}, 'data'), 'id');
    for (const nativeType of nativeTypes) await onRegistered(omitUndefined<UpstreamSubscription>({ id, nativeType }));
  }

  async remove(subscriptionId: string, source: SourceAccess): Promise<void> {
    const path = `/webhooks/unregister/${encodeURIComponent(subscriptionId)}`;
    const asking = this.client.request(accessOf(source), { method: 'DELETE', path, timeLimitMs: TIME_LIMIT_MS });
    await expectSuccess(`The ticket service did not unregister ${subscriptionId}`, asking, GONE);
  }
}

/** The guide knows no keys; where a service takes one, it goes to `api_url` only, which nobody changes without it. */
function accessOf({ settings, secrets }: SourceAccess): HelpdeskAccess {
  const address = apiAddress(settings['api_url']);
  const token = secrets.api_token;
  if (address !== undefined) return { address, ...(token !== undefined && { token }) };
  const base = apiAddress(settings['base_url']);
  if (base !== undefined) return { address: base };
  throw new HelpdeskNotConfiguredError(
    'Set settings.api_url to the address of the ticket service, below which it has /webhooks/register.',
  );
}
