import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { isAddressRange } from '../config/is-address-range-list.js';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import { hashToken } from '../secrets/secret-token.js';
import { UnreadableRows } from '../secrets/unreadable-rows.js';
import type { SourceAccess, SourceSecrets } from '../ticket-event/provider-adapter.js';
import { AddressRanges } from './address-ranges.js';
import type { SourceSettingsBody } from './source-settings.dto.js';
import { Source } from './source.entity.js';
import { SourceVault } from './source-vault.js';

/** A source as intake and enrichment need it, secrets decrypted. */
export interface ActiveSource extends SourceAccess {
  readonly provider: string;
  readonly settings: SourceSettingsBody & Readonly<Record<string, unknown>>;
  /** Nobody knows what it is entrusted with, nor so whether what comes for it is genuine: it takes nothing. */
  readonly isUnreadable?: true;
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
  readonly unreadable = new UnreadableRows('source', 'its webhooks are answered with 503');
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

  /** One that cannot be read does not keep the others from being known. */
  protected override async read(): Promise<void> {
    const rows = await this.sources.find({
      where: { deletedAt: IsNull(), disabledAt: IsNull() },
      order: { id: 'asc' },
    });
    const opened = rows.map((row) => ({ row, secrets: this.vault.open(row) }));
    const active = opened.map(({ row, secrets }) => [row, this.activate(row, secrets)] as const);
    this.unreadable.note(
      opened.filter(({ secrets }) => !secrets).map(({ row }) => row),
      opened.filter(({ secrets }) => secrets).map(({ row }) => row),
    );
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

  private activate({ id, name, provider, settings }: Source, secrets: SourceSecrets | undefined): ActiveSource {
    // They say whether webhooks are signed. Whatever JSON somebody may have put there by hand.
    const stored: unknown = settings;
    const isDamaged = typeof stored !== 'object' || stored === null || Array.isArray(stored);
    if (isDamaged) this.logger.error({ source_id: id, source: name }, 'settings are damaged');
    const facts = { id, name, provider, settings: { ...settings }, secrets: secrets ?? {} };
    const source: ActiveSource = secrets && !isDamaged ? facts : { ...facts, isUnreadable: true };
    const allowed: unknown = source.settings.allowed_ips;
    if (allowed === undefined) return source;
    // One that is damaged lets nobody in, and does not keep the others out.
    const ranges: unknown[] = Array.isArray(allowed) ? allowed : [allowed];
    const readable = ranges.filter((range) => typeof range === 'string').filter(isAddressRange);
    if (readable.length < ranges.length) this.logger.error({ source_id: id, source: name }, 'allowed_ips is damaged');
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
