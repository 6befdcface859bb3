import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { type AdminCall, BY_START } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import { hashToken } from '../secrets/secret-token.js';
import { Source } from '../sources/source.entity.js';
import {
  type ApiKeyView,
  type CreateApiKeyBody,
  type NewApiKeyView,
  toApiKeyView,
  type UpdateApiKeyBody,
} from './api-key.dto.js';
import { ApiKey } from './api-key.entity.js';
import { newKey } from './key-format.js';
import { lockKey, refuseLastAdminKey } from './lock-key.js';

/** The keys of the API. Their names are not unique on purpose: while a key is replaced, its successor may have its name. */
@Injectable()
export class ApiKeysService {
  private readonly logger = new Logger('access');

  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly transactions: AdminTransactions,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 `validation_failed` for an expiry in the past, or a source that does not fit the role */
  create(call: AdminCall, body: CreateApiKeyBody): Promise<NewApiKeyView> {
    return this.transactions.run(call, async (step) => {
      await this.checkSource(step, body);
      const expiresAt = this.expiryOf(body.expires_at ?? null);
      const key = newKey();
      const { name, role, source_id: sourceId = null } = body;
      return { ...toApiKeyView(await this.insert(step, { name, role, sourceId, expiresAt }, key)), key };
    });
  }

  /**
   * Changes what the body names.
   *
   * @throws Problem 400 `validation_failed`, 404, 409 `key_revoked`, `last_admin_key`, 412
   */
  update(call: AdminCall, id: string, body: UpdateApiKeyBody): Promise<ApiKeyView> {
    return this.transactions.run(call, async (step) => {
      const locked = await lockKey(step.manager, id);
      const { row } = locked;
      step.requireMatch(row.version, 'API key');
      if (row.revokedAt) throw new Problem(409, 'key_revoked', 'The API key is revoked: it stays as it is.');
      const name = body.name ?? row.name;
      const expiresAt = this.newExpiryOf(row, body);
      if (name === row.name && expiresAt === row.expiresAt) return toApiKeyView(row);
      const isShorter = expiresAt !== null && (row.expiresAt === null || expiresAt < row.expiresAt);
      if (isShorter) refuseLastAdminKey(locked, expiresAt);
      return this.change(step, row, 'update', { name, expiresAt });
    });
  }

  /**
   * Ends a key at once, in every process: each request asks the database. It stays listed, since the record of changes
   * names it; one that is revoked already stays as it is.
   *
   * @throws Problem 404, 409 `last_admin_key`, 412
   */
  async revoke(call: AdminCall, id: string): Promise<void> {
    await this.transactions.run(call, async (step) => {
      const locked = await lockKey(step.manager, id);
      if (locked.row.revokedAt) return;
      step.requireMatch(locked.row.version, 'API key');
      const now = this.clock.now();
      if (!isExpired(locked.row, now)) refuseLastAdminKey(locked, now);
      await this.change(step, locked.row, 'revoke', { revokedAt: now });
    });
  }

  async list(query: PageQuery): Promise<Page<ApiKeyView>> {
    return fetchPage('api-keys', query, async (position) =>
      (await this.keys.find(pageWhere<ApiKey>(position))).map((row) => toApiKeyView(row)),
    );
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<ApiKeyView> {
    const row = await this.keys.findOneBy({ id });
    if (!row) throw notFound('API key');
    return toApiKeyView(row);
  }

  /**
   * The first admin key: the one that the environment names, else a new one if there is no key at all.
   *
   * @returns the key if it was made now, to be shown once
   */
  async ensureFirstKey(fromEnvironment: string | undefined): Promise<string | null> {
    if (fromEnvironment !== undefined) {
      await this.ensureNamedKey(fromEnvironment);
      return null;
    }
    if (await this.keys.exists()) return null;
    const key = newKey();
    await this.insertFirst('First admin key', key);
    return key;
  }

  /** A key that somebody revoked, or let expire, is not brought back by a variable that was left behind. */
  private async ensureNamedKey(key: string): Promise<void> {
    const row = await this.keys.findOneBy({ keyHash: hashToken(key) });
    if (!row) {
      await this.insertFirst('ADMIN_API_KEY', key);
      return;
    }
    const end = row.revokedAt ? 'was revoked' : isExpired(row, this.clock.now()) ? 'has expired' : undefined;
    if (end === undefined) return;
    this.logger.warn(
      { key_id: row.id },
      `the key that ADMIN_API_KEY names ${end}, and opens nothing: name another one, or remove the variable`,
    );
  }

  private async insertFirst(name: string, key: string): Promise<void> {
    const fields = { name, role: 'admin' as const, sourceId: null, expiresAt: null };
    await this.transactions.run(BY_START, (step) => this.insert(step, fields, key));
  }

  private async insert(
    step: AdminStep,
    fields: Pick<ApiKey, 'name' | 'role' | 'sourceId' | 'expiresAt'>,
    key: string,
  ): Promise<ApiKey> {
    const now = this.clock.now();
    const row = step.manager.create(ApiKey, {
      ...fields,
      id: newId(now),
      keyHash: hashToken(key),
      version: 1,
      lastUsedAt: null,
      revokedAt: null,
      createdAt: now,
    });
    await step.manager.insert(ApiKey, row);
    await step.record({ action: 'create', subject: subjectOf(row), before: null, after: configurationOf(row) });
    return row;
  }

  private async change(step: AdminStep, row: ApiKey, action: string, fields: Partial<ApiKey>): Promise<ApiKeyView> {
    const changed = { ...row, ...fields, version: row.version + 1 };
    await step.manager.update(ApiKey, { id: row.id }, { ...fields, version: changed.version });
    const [before, after] = [configurationOf(row), configurationOf(changed)];
    await step.record({ action, subject: subjectOf(changed), before, after });
    return toApiKeyView(changed);
  }

  /** @throws Problem 400 */
  private async checkSource({ manager }: AdminStep, { role, source_id: id }: CreateApiKeyBody): Promise<void> {
    if ((role === 'ingest') !== (id !== undefined)) {
      throw refuse('source_id', role === 'ingest' ? 'an ingest key belongs to a source' : 'only an ingest key has one');
    }
    if (id === undefined) return;
    // Held until the commit: whoever deletes it meanwhile sees the key.
    const lock = { mode: 'pessimistic_read' } as const;
    const source = await manager.findOne(Source, { where: { id, deletedAt: IsNull() }, select: { id: true }, lock });
    if (!source) throw refuse('source_id', 'there is no such source');
  }

  /** @returns the row's own where nothing else is wanted: also one that is over by now. @throws Problem 400 */
  private newExpiryOf({ expiresAt }: ApiKey, { expires_at: wanted }: UpdateApiKeyBody): Date | null {
    if (wanted === undefined || (wanted !== null && Date.parse(wanted) === expiresAt?.getTime())) return expiresAt;
    return this.expiryOf(wanted);
  }

  /** @throws Problem 400 */
  private expiryOf(wanted: string | null): Date | null {
    if (wanted === null) return null;
    const expiresAt = new Date(wanted);
    if (expiresAt <= this.clock.now()) throw refuse('expires_at', 'must be in the future');
    return expiresAt;
  }
}

function isExpired({ expiresAt }: Pick<ApiKey, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function refuse(field: string, message: string): Problem {
  return validationProblem([{ field, message: `${field}: ${message}` }]);
}

function subjectOf({ id, name }: ApiKey): { kind: 'api_key'; id: string; name: string } {
  return { kind: 'api_key', id, name };
}

/** What the record of changes holds of a key: nothing that it could be made of. */
function configurationOf(row: Pick<ApiKey, 'name' | 'role' | 'sourceId' | 'expiresAt' | 'revokedAt'>): object {
  return {
    name: row.name,
    role: row.role,
    source_id: row.sourceId,
    expires_at: row.expiresAt,
    revoked_at: row.revokedAt,
  };
}
