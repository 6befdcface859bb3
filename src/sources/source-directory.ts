import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import { hashToken } from '../secrets/secret-token.js';
import type { SourceSettings } from '../ticket-event/provider-adapter.js';
import { Source, type SourceSettingsDocument } from './source.entity.js';

/** A source as intake needs it for every webhook. */
export interface ActiveSource extends SourceSettings {
  readonly provider: string;
  readonly settings: SourceSettingsDocument & Readonly<Record<string, unknown>>;
}

/** All sources that take webhooks, in memory, by the hash of their token. Reloaded when an admin changes one, in any process. */
@Injectable()
export class SourceDirectory extends MemorySnapshot {
  readonly tables = ['sources'];
  private byTokenHash = new Map<string, ActiveSource>();

  constructor(@InjectRepository(Source) private readonly sources: Repository<Source>) {
    super();
  }

  protected override async read(): Promise<void> {
    const rows = await this.sources.findBy({ deletedAt: IsNull(), disabledAt: IsNull() });
    this.byTokenHash = new Map(
      rows.map(({ id, name, provider, settings, tokenHash }) => [
        tokenHash.toString('base64'),
        { id, name, provider, settings: { ...settings } },
      ]),
    );
  }

  /** @returns the source that a hook URL belongs to: provider and token must both fit. */
  find(provider: string, token: string): ActiveSource | undefined {
    const source = this.byTokenHash.get(hashToken(token).toString('base64'));
    return source?.provider === provider ? source : undefined;
  }
}
