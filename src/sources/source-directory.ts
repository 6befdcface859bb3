import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import { SecretBox } from '../secrets/secret-box.js';
import { hashToken } from '../secrets/secret-token.js';
import type { SourceAccess, SourceSecrets } from '../ticket-event/provider-adapter.js';
import type { SourceSettingsBody } from './source.dto.js';
import { Source } from './source.entity.js';

/** A source as intake and enrichment need it, secrets decrypted. */
export interface ActiveSource extends SourceAccess {
  readonly provider: string;
  readonly settings: SourceSettingsBody & Readonly<Record<string, unknown>>;
}

/** Where the secrets of a source belong, for `SecretBox`. */
export function sourceSecretsPlace(id: string): string {
  return `sources/${id}/secrets`;
}

/** All sources that take webhooks, in memory. Reloaded when an admin changes one, in any process. */
@Injectable()
export class SourceDirectory extends MemorySnapshot {
  readonly tables = ['sources'];
  private byTokenHash = new Map<string, ActiveSource>();
  private byId = new Map<string, ActiveSource>();

  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly secrets: SecretBox,
  ) {
    super();
  }

  /** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that the secrets were stored with */
  protected override async read(): Promise<void> {
    const rows = await this.sources.find({
      where: { deletedAt: IsNull(), disabledAt: IsNull() },
      order: { id: 'asc' },
    });
    const active = rows.map((row) => [row.tokenHash.toString('base64'), this.open(row)] as const);
    this.byTokenHash = new Map(active);
    this.byId = new Map(active.map(([, source]) => [source.id, source]));
  }

  /** @returns the source that a hook URL belongs to: provider and token must both fit. */
  find(provider: string, token: string): ActiveSource | undefined {
    const source = this.byTokenHash.get(hashToken(token).toString('base64'));
    return source?.provider === provider ? source : undefined;
  }

  findById(id: string): ActiveSource | undefined {
    return this.byId.get(id);
  }

  /** @returns the oldest source of a provider */
  findOldest(provider: string): ActiveSource | undefined {
    return [...this.byId.values()].find((source) => source.provider === provider);
  }

  private open({ id, name, provider, settings, secrets }: Source): ActiveSource {
    const opened =
      secrets === null ? {} : (JSON.parse(this.secrets.open(secrets, sourceSecretsPlace(id))) as SourceSecrets);
    return { id, name, provider, settings: { ...settings }, secrets: opened };
  }
}
