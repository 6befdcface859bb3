import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { DestinationViews } from './destination-views.js';
import type { WebhookFormat } from './destination-settings.dto.js';
import { WebhookDestinations } from './webhook-destinations.js';
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

/** The callbacks of the ticket desk: webhook destinations that need no route. One for each address. */
@Injectable()
export class SubscribersService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly webhooks: WebhookDestinations,
    private readonly failures: DestinationFailures,
    private readonly views: DestinationViews,
    private readonly directory: DestinationDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers an address, or again one that is known: then what is given replaces what it had, and if it was disabled it
   * is enabled.
   *
   * @returns its id, with the secret where that was made now: it is shown this once
   * @throws Problem 400 `validation_failed`, `forbidden_address`
   */
  async register(registration: SubscriberRegistration): Promise<{ id: string; isNew: boolean; secret?: string }> {
    const known = await this.findRow(registration.url);
    if (known) return this.registerAgain(known, registration);
    const { url, events, format, secret: given } = registration;
    try {
      const { row, secret } = await this.webhooks.create({
        settings: { url, ...(events && { events }), ...(format && { format }) },
        ...(given !== undefined && { secret: given }),
        isSubscriber: true,
      });
      return { id: row.id, isNew: true, ...(given === undefined && { secret }) };
    } catch (error) {
      // Somebody else registered it a moment ago.
      const taken = isUniqueViolation(error, 'destinations_subscriber_url') && (await this.findRow(url));
      if (!taken) throw error;
      return this.registerAgain(taken, registration);
    }
  }

  /** Calls it no more, and cancels what waits. @returns false where there is none */
  async remove(id: string): Promise<boolean> {
    const { affected } = await this.destinations.update(
      { id, isSubscriber: true, deletedAt: IsNull() },
      { deletedAt: this.clock.now() },
    );
    await this.directory.refresh();
    // Also where it is gone already: an earlier call may have been cut short here.
    await this.failures.cancelOfDeleted(id);
    return affected === 1;
  }

  /** Newest first, those that are disabled too. */
  list(query: PageQuery): Promise<Page<SubscriberView>> {
    return fetchPage('subscribers', query, async (position) =>
      this.toViews(
        await this.destinations.find(pageWhere<Destination>(position, { isSubscriber: true, deletedAt: IsNull() })),
      ),
    );
  }

  async findByUrl(url: string): Promise<SubscriberView | null> {
    const row = await this.findRow(url);
    const [view] = row ? await this.toViews([row]) : [];
    return view ?? null;
  }

  private findRow(url: string): Promise<Destination | null> {
    return this.destinations.findOneBy({ subscriberUrl: normalWebhookUrl(url), deletedAt: IsNull() });
  }

  private async registerAgain(
    row: Destination,
    { events, format, secret }: SubscriberRegistration,
  ): Promise<{ id: string; isNew: boolean }> {
    if (events || format) {
      const settings = { ...row.settings, ...(events && { events }), ...(format && { format }) };
      await this.destinations.update({ id: row.id }, { settings });
    }
    if (secret !== undefined) await this.webhooks.rotateSecret(row, secret);
    await this.failures.enable(row.id);
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
