import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import type { NotifierDestination } from '../notifiers/notifier.js';
import { SecretBox } from '../secrets/secret-box.js';
import { UnreadableRows } from '../secrets/unreadable-rows.js';
import { Destination } from './destination.entity.js';
import { type DestinationLabels, destinationLabels } from './destination-labels.js';
import { type DestinationSecrets, readSecrets } from './destination-secrets.js';
import type { DestinationSettings } from './destination-settings.dto.js';

/** A destination as the dispatcher needs it, secrets decrypted. */
export interface ActiveDestination extends NotifierDestination {
  readonly kind: string;
  readonly settings: DestinationSettings & Readonly<Record<string, unknown>>;
}

/** As much of a subscriber as says which events it gets. */
export type Subscriber = Pick<ActiveDestination, 'id' | 'settings'>;

/** All destinations that can be sent to, in memory. Reloaded when an admin changes one, in any process. */
@Injectable()
export class DestinationDirectory extends MemorySnapshot {
  readonly tables = ['destinations'];
  /** Enabled, and nothing can be sent to them until their secrets are entered anew: what is for them waits. */
  readonly unreadable = new UnreadableRows('destination', 'what is for it waits, and nothing is lost');
  private byId = new Map<string, ActiveDestination>();
  private lockedById = new Map<string, ActiveDestination>();
  private subscribing: readonly Subscriber[] = [];
  private labels: ReadonlyMap<string, DestinationLabels> = new Map();

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly secrets: SecretBox,
  ) {
    super();
  }

  /** One that cannot be read does not keep the others from being known. */
  protected override async read(): Promise<void> {
    const rows = await this.destinations.findBy({ deletedAt: IsNull() });
    const byId = new Map<string, ActiveDestination>();
    const lockedById = new Map<string, ActiveDestination>();
    const enabled = rows.filter(({ disabledAt }) => disabledAt === null);
    for (const row of enabled) {
      const secrets = readSecrets(row, this.secrets);
      (secrets ? byId : lockedById).set(row.id, activeDestination(row, secrets ?? {}));
    }
    this.unreadable.note([...lockedById.values()], [...byId.values()]);
    this.byId = byId;
    this.lockedById = lockedById;
    this.subscribing = enabled
      .filter(({ isSubscriber }) => isSubscriber)
      .map(({ id, settings }) => ({ id, settings: { ...settings } }));
    this.labels = new Map(rows.map((row) => [row.id, destinationLabels(row)]));
  }

  /** @returns a destination that can be sent to */
  find(id: string): ActiveDestination | undefined {
    return this.byId.get(id);
  }

  /** @returns a destination that is enabled and whose secrets cannot be decrypted; it has none here */
  findUnreadable(id: string): ActiveDestination | undefined {
    return this.lockedById.get(id);
  }

  /** @returns those that get the events of the ticket desk's tickets, whatever the routes say */
  subscribers(): readonly Subscriber[] {
    return this.subscribing;
  }

  /** @returns what a destination is called in metrics, a disabled one too; undefined for one that is deleted */
  labelsOf(id: string): DestinationLabels | undefined {
    return this.labels.get(id);
  }

  /** @returns what all destinations that there are, disabled ones too, are called in metrics */
  allLabels(): Iterable<DestinationLabels> {
    return this.labels.values();
  }

  /** @returns the destination that posts as this bot. */
  findByBot(email: string): ActiveDestination | undefined {
    return [...this.byId.values()].find((destination) => destination.settings.email === email);
  }
}

/** @param secrets the row's, opened */
export function activeDestination(row: Destination, secrets: DestinationSecrets): ActiveDestination {
  return { id: row.id, name: row.name, kind: row.kind, settings: { ...row.settings }, secrets };
}
