import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import type { AdminCall } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { queryableOf } from '../database/queryable-of.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { SecretBox } from '../secrets/secret-box.js';
import { changedDestination } from './changed-destination.js';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { insertRow, saveRow } from './destination-rows.js';
import { readSecrets, sealSecrets } from './destination-secrets.js';
import { DestinationViews } from './destination-views.js';
import type { WebhookFormat } from './destination-settings.dto.js';
import { NewDestinations } from './new-destinations.js';
import { removeFailing } from './sql/remove-failing.js';
import { newWebhookSecret } from './webhook-secret.js';
import { normalWebhookUrl } from './webhook-url.js';

/** Who wants to be called, and when. */
export interface SubscriberRegistration {
  url: string;
  /** As the envelope names them. Default: all; of a subscriber that is known, those that it has. */
  events?: string[];
  /** Default: the envelope; of a subscriber that is known, the one that it has. */
  format?: WebhookFormat;
  /** Default: ours; of a subscriber that is known, the one that it has. */
  secret?: string;
}

export interface SubscriberView {
  id: string;
  url: string;
  /** Null = all. */
  events: string[] | null;
  format: WebhookFormat;
  failing_since: Date | null;
  /** When it is disabled, if nothing arrives until then. */
  disables_at: Date | null;
  disabled_at: Date | null;
  created_at: Date;
}

/** What came of a registration. */
export interface Registered {
  id: string;
  isNew: boolean;
  /** Where we made it now: it is shown this once. */
  secret?: string;
}

/** The callbacks of the ticket desk: webhook destinations that need no route. One for each address. */
@Injectable()
export class SubscribersService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly transactions: AdminTransactions,
    private readonly drafts: NewDestinations,
    private readonly failures: DestinationFailures,
    private readonly views: DestinationViews,
    private readonly directory: DestinationDirectory,
    private readonly box: SecretBox,
    private readonly clock: Clock,
    private readonly policy: OutboundPolicy,
  ) {}

  /**
   * Registers an address, or again one that is known: then what is given replaces what it had, and if it was disabled it
   * is enabled.
   *
   * @throws Problem 400 `validation_failed`, `forbidden_address`; 409 `too_many_secrets`
   */
  async register(call: AdminCall, registration: SubscriberRegistration): Promise<Registered> {
    const subscriberUrl = normalWebhookUrl(registration.url);
    const isKnown = await this.destinations.existsBy({ subscriberUrl, deletedAt: IsNull() });
    // Before any transaction: it may ask a name server.
    if (!isKnown) await refuseForbiddenAddress(this.policy, registration.url);
    const registered = await this.registerOnce(call, registration).catch((error: unknown) => {
      // Somebody else registered it a moment ago: now it is known.
      if (isUniqueViolation(error, 'destinations_subscriber_url')) return this.registerOnce(call, registration);
      throw error;
    });
    await this.directory.refresh();
    return registered;
  }

  /**
   * Calls it no more, and cancels what waits, also where routes lead to it: whoever is called may always end that.
   *
   * @returns false where there is none
   */
  async remove(call: AdminCall, id: string): Promise<boolean> {
    const wasThere = await this.transactions.run(call, async (step) => {
      const row = await step.manager.findOne(Destination, {
        where: { id, isSubscriber: true, deletedAt: IsNull() },
        lock: { mode: 'for_no_key_update' },
      });
      if (row) await saveRow(step, row, { deletedAt: this.clock.now() }, { action: 'delete' });
      return row !== null;
    });
    await this.directory.refresh();
    // Also where it is gone already: an earlier call may have been cut short here.
    await this.failures.cancelOfDeleted(id);
    return wasThere;
  }

  /** Newest first, those that are disabled too. */
  list(query: PageQuery): Promise<Page<SubscriberView>> {
    return fetchPage('subscribers', query, async (position) =>
      this.toViews(
        await this.destinations.find(pageWhere<Destination>(position, { isSubscriber: true, deletedAt: IsNull() })),
      ),
    );
  }

  private registerOnce(call: AdminCall, registration: SubscriberRegistration): Promise<Registered> {
    return this.transactions.run(call, async (step) => {
      const known = await step.manager.findOne(Destination, {
        where: { subscriberUrl: normalWebhookUrl(registration.url), deletedAt: IsNull() },
        lock: { mode: 'for_no_key_update' },
      });
      return known ? this.registerAgain(step, known, registration) : this.registerNew(step, registration);
    });
  }

  private async registerNew(
    step: AdminStep,
    { url, events, format, secret: given }: SubscriberRegistration,
  ): Promise<Registered> {
    const secret = given ?? newWebhookSecret();
    const settings = { url, ...(events && { events }), ...(format && { format }) };
    const row = this.drafts.subscriber({ settings, secret });
    await insertRow(step, row);
    return { id: row.id, isNew: true, ...(given === undefined && { secret }) };
  }

  private async registerAgain(
    step: AdminStep,
    row: Destination,
    { events, format, secret }: SubscriberRegistration,
  ): Promise<Registered> {
    await removeFailing(queryableOf(step.manager), row.id);
    const body = { settings: { ...(events && { events }), ...(format && { format }) }, disabled: false };
    const more = secret === undefined ? body : { ...body, secrets: { signing_secret: secret } };
    const changed = changedDestination(row, readSecrets(row, this.box) ?? {}, more, this.clock.now());
    if (changed.isChanged) {
      const { settings, disabledAt, hasNewSecret } = changed;
      const secrets = hasNewSecret ? { secrets: sealSecrets(row.id, changed.secrets, this.box) } : {};
      await saveRow(step, row, { settings, disabledAt, ...secrets }, { action: 'update', after: { hasNewSecret } });
    }
    return { id: row.id, isNew: false };
  }

  private async toViews(rows: readonly Destination[]): Promise<SubscriberView[]> {
    const views = await this.views.of(rows);
    return views.map(({ id, settings, failing_since, disables_at, disabled_at, created_at }) => {
      const { url = '', events = null, format = 'envelope' } = settings;
      return { id, url, events, format, failing_since, disables_at, disabled_at, created_at };
    });
  }
}
