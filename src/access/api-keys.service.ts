import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Problem, notFound } from '../http/problem.js';
import { type ApiRole } from '../http/required-role.js';
import { hashToken, newToken } from '../secrets/secret-token.js';
import { SourcesService } from '../sources/sources.service.js';
import { ApiKey } from './api-key.entity.js';
import { type ApiKeyView, type CreateApiKeyBody, type NewApiKeyView } from './api-key.dto.js';

/** What every key of ours begins with, so that people and secret scanners know it. */
const KEY_PREFIX = 'dw_';
/** How stale `last_used_at` may be: one write a minute and key, not one a request. */
const LAST_USED_RESOLUTION_MS = 60_000;

/** The keys of the admin API. */
@Injectable()
export class ApiKeysService {
  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly sources: SourcesService,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 for an `ingest` key without a source, 404 `not_found` for a source that is not there */
  async create(body: CreateApiKeyBody): Promise<NewApiKeyView> {
    if (body.role === 'ingest' && body.source_id === undefined) {
      throw new Problem(400, 'validation_failed', 'source_id: an ingest key belongs to a source.');
    }
    if (body.role !== 'ingest' && body.source_id !== undefined) {
      throw new Problem(400, 'validation_failed', 'source_id: only an ingest key belongs to a source.');
    }
    const expiresAt = body.expires_at === undefined ? null : new Date(body.expires_at);
    if (expiresAt && expiresAt <= this.clock.now()) {
      throw new Problem(400, 'validation_failed', 'expires_at: must be in the future.');
    }
    if (body.source_id !== undefined) await this.sources.get(body.source_id);
    const key = KEY_PREFIX + newToken();
    const row = await this.insert(
      { name: body.name, role: body.role, sourceId: body.source_id ?? null, expiresAt },
      key,
    );
    return { ...toView(row), key };
  }

  async list(query: PageQuery): Promise<Page<ApiKeyView>> {
    return fetchPage('api-keys', query, async (position) =>
      (await this.keys.find(pageWhere<ApiKey>(position))).map((row) => toView(row)),
    );
  }

  async get(id: string): Promise<ApiKeyView> {
    const row = await this.keys.findOneBy({ id });
    if (!row) throw notFound('API key');
    return toView(row);
  }

  /** @returns the key that is valid now, or null: unknown, expired and revoked look alike. Notes that it was used. */
  async authenticate(key: string): Promise<ApiKey | null> {
    const row = await this.keys.findOneBy({ keyHash: hashToken(key), revokedAt: IsNull() });
    const now = this.clock.now();
    if (!row || (row.expiresAt && row.expiresAt <= now)) return null;
    if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > LAST_USED_RESOLUTION_MS) {
      await this.keys.update({ id: row.id }, { lastUsedAt: now });
    }
    return row;
  }

  /**
   * The first admin key: the one that the environment names, else a new one if there is no key at all.
   *
   * @returns the key if it was made now, to be shown once
   */
  async ensureFirstKey(fromEnvironment: string | undefined): Promise<string | null> {
    const first = { name: 'First admin key', role: 'admin' as ApiRole, sourceId: null, expiresAt: null };
    if (fromEnvironment !== undefined) {
      const known = await this.keys.existsBy({ keyHash: hashToken(fromEnvironment) });
      if (!known) await this.insert({ ...first, name: 'ADMIN_API_KEY' }, fromEnvironment);
      return null;
    }
    if ((await this.keys.count()) > 0) return null;
    const key = KEY_PREFIX + newToken();
    await this.insert(first, key);
    return key;
  }

  private async insert(fields: Pick<ApiKey, 'name' | 'role' | 'sourceId' | 'expiresAt'>, key: string): Promise<ApiKey> {
    const now = this.clock.now();
    const row = this.keys.create({
      ...fields,
      id: newId(now),
      keyHash: hashToken(key),
      lastUsedAt: null,
      revokedAt: null,
      createdAt: now,
    });
    await this.keys.insert(row);
    return row;
  }
}

function toView(row: ApiKey): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    source_id: row.sourceId,
    expires_at: row.expiresAt,
    last_used_at: row.lastUsedAt,
    revoked_at: row.revokedAt,
    created_at: row.createdAt,
  };
}
