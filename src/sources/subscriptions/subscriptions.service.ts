import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import type { AdminCall } from '../../changes/admin-call.js';
import { AdminTransactions } from '../../changes/admin-transactions.js';
import { Clock } from '../../clock/clock.js';
import { newId } from '../../clock/new-id.js';
import { pageWhere } from '../../database/page-where.js';
import { requireMatch } from '../../http/entity-tag.js';
import { fetchPage, type Page, type PageQuery } from '../../http/page.js';
import { Problem, secretUnreadable } from '../../http/problem.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { HelpdeskError, HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type { UpstreamSubscription, UpstreamSubscriptions } from '../../ticket-event/provider-adapter.js';
import { type ActiveSource, SourceDirectory } from '../source-directory.js';
import { SourcesService } from '../sources.service.js';
import { describeByHand } from './describe-by-hand.js';
import { maskHookUrl } from './mask-hook-url.js';
import {
  type CreateSubscriptionsBody,
  type RemovedSubscriptionsView,
  type RemoveSubscriptionsQuery,
  type SubscriptionsView,
  type SubscriptionView,
} from './subscription.dto.js';
import { SourceSubscription } from './subscription.entity.js';
import { SubscriptionLock } from './subscription-lock.js';

/** What can be registered for a source, and how. */
interface Offer {
  source: ActiveSource;
  upstream: UpstreamSubscriptions;
  nativeTypes: readonly string[];
}

/** Registers and removes our hooks at helpdesks, and remembers what is registered. */
@Injectable()
export class SubscriptionsService {
  constructor(
    @InjectRepository(SourceSubscription) private readonly rows: Repository<SourceSubscription>,
    private readonly sources: SourcesService,
    private readonly directory: SourceDirectory,
    private readonly providers: ProviderRegistry,
    private readonly lock: SubscriptionLock,
    private readonly transactions: AdminTransactions,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers what is not registered yet. What succeeds is remembered, also where something later fails; the same request
   * again goes on from there, with an `Idempotency-Key` or without.
   *
   * @param call whose `If-Match` is the source's version
   * @throws Problem 400 `not_supported`, `validation_failed`; 404; 409 `source_disabled`, `secret_unreadable`,
   *   `helpdesk_not_configured`, `busy`; 412; 502 `helpdesk_failed`
   */
  async register(call: AdminCall, id: string, { events }: CreateSubscriptionsBody): Promise<SubscriptionsView> {
    const offer = await this.offerOf(call, id);
    const wanted = wantedEvents(offer, events);
    return this.lock.hold(id, async () => {
      const hookUrl = await this.sources.hookUrl(id);
      const registered = { sourceId: id, hookUrl: maskHookUrl(hookUrl) };
      const known = new Set((await this.rows.findBy(registered)).map(({ event }) => event));
      const nativeTypes = wanted.filter((event) => !known.has(event));
      const wish = { hookUrl, nativeTypes, isEverything: nativeTypes.length === offer.nativeTypes.length };
      const made: SourceSubscription[] = [];
      const remember = async (subscription: UpstreamSubscription): Promise<void> => {
        made.push(await this.remember(registered, subscription));
      };
      try {
        if (nativeTypes.length > 0) await orProblem(offer.upstream.register(wish, offer.source, remember));
      } finally {
        await this.record(call, offer.source, { action: 'subscribe', rows: made });
      }
      const rows = await this.rows.find({ where: { ...registered, event: In(wanted) }, order: { id: 'asc' } });
      return { data: rows.map(toView) };
    });
  }

  /** @throws Problem 404 */
  async list(id: string, query: PageQuery): Promise<Page<SubscriptionView>> {
    await this.sources.get(id);
    return fetchPage(`sources/${id}/subscriptions`, query, async (position) =>
      (await this.rows.find(pageWhere<SourceSubscription>(position, { sourceId: id }))).map(toView),
    );
  }

  /**
   * Removes all that was registered, under former hook URLs too. What has no id is remembered until the admin says that it
   * has been removed by hand: the answer, which may get lost, says how to.
   *
   * @throws Problem as `register`
   */
  async remove(
    call: AdminCall,
    id: string,
    { forget_by_hand: isForgotten }: RemoveSubscriptionsQuery,
  ): Promise<RemovedSubscriptionsView> {
    const { source, upstream } = await this.offerOf(call, id);
    return this.lock.hold(id, async () => {
      const rows = await this.rows.find({ where: { sourceId: id }, order: { id: 'asc' } });
      const byHand = rows.filter(({ upstreamId }) => upstreamId === null);
      const gone: SourceSubscription[] = [];
      const forget = async (some: readonly SourceSubscription[]): Promise<void> => {
        await this.forget(some);
        gone.push(...some);
      };
      try {
        for (const [upstreamId, ofOne] of byUpstreamId(rows)) {
          const events = ofOne.map(({ event }) => event).join(', ');
          await orProblem(upstream.remove(upstreamId, source), events);
          await forget(ofOne);
        }
        if (isForgotten) await forget(byHand);
      } finally {
        await this.record(call, source, { action: 'unsubscribe', rows: gone });
      }
      const removed = rows.filter(({ upstreamId }) => upstreamId !== null);
      return { data: removed.map(toView), by_hand: byHand.map(toView), detail: describeByHand(byHand, isForgotten) };
    });
  }

  private async offerOf({ ifMatch }: AdminCall, id: string): Promise<Offer> {
    const { provider, version } = await this.sources.get(id);
    requireMatch(ifMatch, version, 'source');
    const adapter = this.providers.get(provider);
    if (!adapter?.subscriptions) {
      const detail = `Hooks cannot be registered at ${provider} from here: enter the hook URL there by hand.`;
      throw new Problem(400, 'not_supported', detail);
    }
    const source = this.directory.findById(id);
    if (!source) throw new Problem(409, 'source_disabled', 'The source is disabled: enable it first.');
    if (source.isUnreadable) throw secretUnreadable('secrets of this source', 'enter them anew');
    return { source, upstream: adapter.subscriptions, nativeTypes: adapter.nativeTypes };
  }

  private async remember(
    registered: Pick<SourceSubscription, 'sourceId' | 'hookUrl'>,
    { id, nativeType }: UpstreamSubscription,
  ): Promise<SourceSubscription> {
    const now = this.clock.now();
    const row = { ...registered, id: newId(now), event: nativeType, upstreamId: id ?? null, createdAt: now };
    await this.rows.insert(row);
    return row;
  }

  private async forget(rows: readonly SourceSubscription[]): Promise<void> {
    if (rows.length > 0) await this.rows.delete({ id: In(rows.map(({ id }) => id)) });
  }

  /** Without the call's `Idempotency-Key`: a repetition is to go on where the first one ended, not to be answered alike. */
  private async record(
    { idempotency: _ignored, ...call }: AdminCall,
    { id, name }: ActiveSource,
    { action, rows }: { action: 'subscribe' | 'unsubscribe'; rows: readonly SourceSubscription[] },
  ): Promise<void> {
    if (rows.length === 0) return;
    const subscriptions = rows.map((row) => ({
      event: row.event,
      upstream_id: row.upstreamId,
      hook_url: row.hookUrl,
    }));
    const [before, after] = action === 'subscribe' ? [null, { subscriptions }] : [{ subscriptions }, null];
    await this.transactions.run(call, ({ record }) =>
      record({ action, subject: { kind: 'source', id, name }, before, after }),
    );
  }
}

/** @throws Problem 400 `validation_failed` that names what the helpdesk does not know */
function wantedEvents({ upstream, nativeTypes, source }: Offer, events: readonly string[] | undefined): string[] {
  const wanted = [...new Set(events ?? upstream.defaultTypes ?? nativeTypes)];
  const unknown = wanted.filter((event) => !nativeTypes.includes(event));
  if (unknown.length === 0) return wanted;
  const message = `events: ${unknown.join(', ')} is none of ${source.provider}: ${nativeTypes.join(', ')}.`;
  throw new Problem(400, 'validation_failed', message, { errors: [{ field: 'events', message }] });
}

function byUpstreamId(rows: readonly SourceSubscription[]): Map<string, SourceSubscription[]> {
  const groups = new Map<string, SourceSubscription[]>();
  for (const row of rows) {
    if (row.upstreamId !== null) groups.set(row.upstreamId, [...(groups.get(row.upstreamId) ?? []), row]);
  }
  return groups;
}

/** @param about begins the words of a failure */
async function orProblem(asking: Promise<void>, about?: string): Promise<void> {
  try {
    await asking;
  } catch (error) {
    if (error instanceof HelpdeskNotConfiguredError)
      throw new Problem(409, error.code, error.message, { cause: error });
    if (!(error instanceof HelpdeskError)) throw error;
    const detail = about === undefined ? error.message : `${about}: ${error.message}`;
    throw new Problem(502, error.code, detail, { cause: error });
  }
}

function toView({ id, event, upstreamId, hookUrl, createdAt }: SourceSubscription): SubscriptionView {
  return { id, event, upstream_id: upstreamId, hook_url: hookUrl, created_at: createdAt };
}
