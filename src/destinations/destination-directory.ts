import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import type { NotifierDestination } from '../notifiers/notifier.js';
import { SecretBox } from '../secrets/secret-box.js';
import { Destination } from './destination.entity.js';
import { type DestinationLabels, destinationLabels } from './destination-labels.js';
import { openSecrets } from './destination-secrets.js';
import type { DestinationSettings } from './destination-settings.dto.js';

/** A destination as the dispatcher needs it, secrets decrypted. */
export interface ActiveDestination extends NotifierDestination {
  readonly kind: string;
  readonly settings: DestinationSettings & Readonly<Record<string, unknown>>;
}

/** All destinations that can be sent to, in memory. Reloaded when an admin changes one, in any process. */
@Injectable()
export class DestinationDirectory extends MemorySnapshot {
  readonly tables = ['destinations'];
  private byId = new Map<string, ActiveDestination>();
  private subscribing: readonly ActiveDestination[] = [];
  private labels: ReadonlyMap<string, DestinationLabels> = new Map();

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly secrets: SecretBox,
  ) {
    super();
  }

  /** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that the secrets were stored with */
  protected override async read(): Promise<void> {
    const rows = await this.destinations.findBy({ deletedAt: IsNull() });
    const opened = rows
      .filter(({ disabledAt }) => disabledAt === null)
      .map((row) => ({ row, destination: openDestination(row, this.secrets) }));
    this.byId = new Map(opened.map(({ destination }) => [destination.id, destination]));
    this.subscribing = opened.filter(({ row }) => row.isSubscriber).map(({ destination }) => destination);
    this.labels = new Map(rows.map((row) => [row.id, destinationLabels(row)]));
  }

  find(id: string): ActiveDestination | undefined {
    return this.byId.get(id);
  }

  /** @returns those that get the events of the ticket desk's tickets, whatever the routes say */
  subscribers(): readonly ActiveDestination[] {
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

/** @throws SecretUnreadableError */
export function openDestination(row: Destination, box: SecretBox): ActiveDestination {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: { ...row.settings },
    secrets: openSecrets(row, box),
  };
}
