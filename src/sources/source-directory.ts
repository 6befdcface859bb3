import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { isAddressRange } from '../config/is-address-range-list.js';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import { hashToken } from '../secrets/secret-token.js';
import type { SourceAccess } from '../ticket-event/provider-adapter.js';
import { AddressRanges } from './address-ranges.js';
import type { SourceSettingsBody } from './source-settings.dto.js';
import { Source } from './source.entity.js';
import { SourceVault } from './source-vault.js';

/** A source as intake and enrichment need it, secrets decrypted. */
export interface ActiveSource extends SourceAccess {
  readonly provider: string;
  readonly settings: SourceSettingsBody & Readonly<Record<string, unknown>>;
  /** Of its `allowed_ips`; absent = anywhere. */
  readonly allowedAddresses?: AddressRanges;
}

/** What a token in a hook URL opens. */
interface Door {
  source: ActiveSource;
  /** When it is shut, in ms: the token of a rotation before; null = it is the present one. */
  until: number | null;
}

/** All sources that take webhooks, in memory. Reloaded when an admin changes one, in any process. */
@Injectable()
export class SourceDirectory extends MemorySnapshot {
  readonly tables = ['sources'];
  private readonly logger = new Logger('sources');
  private doors = new Map<string, Door>();
  private byId = new Map<string, ActiveSource>();

  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly vault: SourceVault,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that the secrets were stored with */
  protected override async read(): Promise<void> {
    const rows = await this.sources.find({
      where: { deletedAt: IsNull(), disabledAt: IsNull() },
      order: { id: 'asc' },
    });
    const active = rows.map((row) => [row, this.open(row)] as const);
    this.doors = new Map(active.flatMap(([row, source]) => doorsOf(row, source)));
    this.byId = new Map(active.map(([, source]) => [source.id, source]));
  }

  /** @returns the source that a hook URL belongs to: provider and token must both fit, the token before the last rotation in time. */
  find(provider: string, token: string): ActiveSource | undefined {
    const door = this.doors.get(keyOf(hashToken(token)));
    if (door?.source.provider !== provider) return undefined;
    return door.until === null || this.clock.now().getTime() < door.until ? door.source : undefined;
  }

  findById(id: string): ActiveSource | undefined {
    return this.byId.get(id);
  }

  /** @returns the oldest source of a provider */
  findOldest(provider: string): ActiveSource | undefined {
    return [...this.byId.values()].find((source) => source.provider === provider);
  }

  private open(row: Source): ActiveSource {
    const { id, name, provider, settings } = row;
    const source = { id, name, provider, settings: { ...settings }, secrets: this.vault.open(row) };
    const { allowed_ips: allowed } = settings;
    if (!allowed) return source;
    // One that is damaged lets nobody in, and does not keep the others out.
    const readable = allowed.filter(isAddressRange);
    if (readable.length < allowed.length) this.logger.error({ source_id: id, source: name }, 'allowed_ips is damaged');
    return { ...source, allowedAddresses: new AddressRanges(readable) };
  }
}

function doorsOf(row: Source, source: ActiveSource): [string, Door][] {
  const doors: [string, Door][] = [[keyOf(row.tokenHash), { source, until: null }]];
  if (row.previousTokenHash && row.previousTokenUntil) {
    doors.push([keyOf(row.previousTokenHash), { source, until: row.previousTokenUntil.getTime() }]);
  }
  return doors;
}

function keyOf(tokenHash: Buffer): string {
  return tokenHash.toString('base64');
}
