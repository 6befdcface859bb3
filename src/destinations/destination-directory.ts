import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import type { NotifierDestination } from '../notifiers/notifier.js';
import { SecretBox } from '../secrets/secret-box.js';
import { Destination } from './destination.entity.js';
import type { DestinationSettingsBody } from './destination.dto.js';

/** A destination as the dispatcher needs it, secrets decrypted. */
export interface ActiveDestination extends NotifierDestination {
  readonly kind: string;
  readonly settings: DestinationSettingsBody & Readonly<Record<string, unknown>>;
}

/** Where the secrets of a destination belong, for `SecretBox`. */
export function secretsPlace(id: string): string {
  return `destinations/${id}/secrets`;
}

/** All destinations that can be sent to, in memory. Reloaded when an admin changes one, in any process. */
@Injectable()
export class DestinationDirectory extends MemorySnapshot {
  readonly tables = ['destinations'];
  private byId = new Map<string, ActiveDestination>();

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly secrets: SecretBox,
  ) {
    super();
  }

  /** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that the secrets were stored with */
  protected override async read(): Promise<void> {
    const rows = await this.destinations.findBy({ deletedAt: IsNull(), disabledAt: IsNull() });
    this.byId = new Map(rows.map((row) => [row.id, this.open(row)]));
  }

  find(id: string): ActiveDestination | undefined {
    return this.byId.get(id);
  }

  /** @returns the destination that posts as this bot. */
  findByBot(email: string): ActiveDestination | undefined {
    return [...this.byId.values()].find((destination) => destination.settings.email === email);
  }

  private open(row: Destination): ActiveDestination {
    const secrets = JSON.parse(this.secrets.open(row.secrets, secretsPlace(row.id))) as Record<string, string>;
    return { id: row.id, name: row.name, kind: row.kind, settings: { ...row.settings }, secrets };
  }
}
