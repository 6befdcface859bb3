import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Problem, notFound } from '../http/problem.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { PublicAddress } from '../http/public-address.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { SecretBox } from '../secrets/secret-box.js';
import { hashToken, newToken } from '../secrets/secret-token.js';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import { Source } from './source.entity.js';
import { changedSecrets, changedSettings, checkSource } from './check-source.js';
import {
  type CreateSourceBody,
  type NewSourceView,
  type SourceSettingsBody,
  type SourceView,
  type UpdateSourceBody,
} from './source.dto.js';
import { SourceDirectory, sourceSecretsPlace } from './source-directory.js';

/** What admins do with sources. */
@Injectable()
export class SourcesService {
  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly directory: SourceDirectory,
    private readonly providers: ProviderRegistry,
    private readonly secrets: SecretBox,
    private readonly address: PublicAddress,
    private readonly clock: Clock,
    private readonly policy: OutboundPolicy,
  ) {}

  /** @throws Problem 400 `unknown_provider`, `validation_failed`; 409 `name_taken` */
  async create(body: CreateSourceBody): Promise<NewSourceView> {
    const adapter = this.providers.get(body.provider);
    if (!adapter) {
      const known = this.providers.list().map(({ provider }) => provider);
      throw new Problem(400, 'unknown_provider', `provider: must be one of ${known.join(', ')}.`);
    }
    const settings = { ...body.settings };
    const secrets = { ...body.secrets };
    checkSource(settings, secrets, adapter);
    await this.refuseForbidden(settings);
    const now = this.clock.now();
    const id = newId(now);
    const token = newToken();
    const row = this.sources.create({
      id,
      name: body.name,
      provider: body.provider,
      settings,
      tokenHash: hashToken(token),
      token: this.secrets.seal(token, tokenPlace(id)),
      secrets: this.seal(id, secrets),
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('source', 'sources_name', () => this.sources.insert(row));
    await this.directory.refresh();
    return { ...toView(row), hook_url: this.hookUrlOf(row, token) };
  }

  /**
   * Changes what the body names. Another `api_url` needs the token anew: whoever may change settings must not be able to
   * send a token that they were never shown to a server of their own.
   *
   * @throws Problem 400 `validation_failed`, 404 `not_found`, 409 `name_taken`
   */
  async update(id: string, body: UpdateSourceBody): Promise<SourceView> {
    const changed = await this.sources.manager.transaction(async (manager) => {
      // Held until the commit: two changes at once would each undo what the other one did.
      const row = await manager.findOne(Source, {
        where: { id, deletedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw notFound('source');
      const changes = this.changesOf(row, body);
      if (body.settings) await this.refuseForbidden(changes.settings);
      await refuseTakenName('source', 'sources_name', () => manager.update(Source, { id }, changes));
      return { ...row, ...changes };
    });
    await this.directory.refresh();
    return toView(changed);
  }

  /** @returns the address that a helpdesk posts to, token and all. @throws Problem 404 */
  async hookUrl(id: string): Promise<string> {
    const row = await this.sources.findOne({
      where: { id, deletedAt: IsNull() },
      select: { id: true, provider: true, token: true },
    });
    if (!row) throw notFound('source');
    return this.hookUrlOf(row, this.secrets.open(row.token, tokenPlace(id)));
  }

  async list(query: PageQuery): Promise<Page<SourceView>> {
    return fetchPage('sources', query, async (position) =>
      (await this.sources.find(pageWhere<Source>(position, { deletedAt: IsNull() }))).map((row) => toView(row)),
    );
  }

  async get(id: string): Promise<SourceView> {
    return toView(await this.find(id));
  }

  /** One source of each provider that never had one, so that a new installation can be tried at once. */
  async ensureOneOfEach(): Promise<NewSourceView[]> {
    const made: NewSourceView[] = [];
    for (const { provider } of this.providers.list()) {
      if (!(await this.sources.existsBy({ provider }))) made.push(await this.create({ name: provider, provider }));
    }
    return made;
  }

  /** Of the addresses that we call. @throws Problem 400 `forbidden_address` */
  private async refuseForbidden({ api_url: address }: SourceSettingsBody): Promise<void> {
    if (address !== undefined) await refuseForbiddenAddress(this.policy, address);
  }

  /** @throws Problem 400 */
  private changesOf(row: Source, body: UpdateSourceBody): Pick<Source, 'name' | 'settings' | 'secrets'> {
    const settings = changedSettings(row.settings, body.settings ?? {});
    const secrets = changedSecrets(this.openSecrets(row), body.secrets ?? {});
    const isNewAddress = settings.api_url !== row.settings.api_url;
    if (isNewAddress && secrets.api_token !== undefined && typeof body.secrets?.['api_token'] !== 'string') {
      throw new Problem(400, 'validation_failed', 'secrets.api_token: another settings.api_url needs it anew.');
    }
    const adapter = this.providers.get(row.provider);
    if (adapter) checkSource(settings, secrets, adapter);
    return { name: body.name ?? row.name, settings: { ...settings }, secrets: this.seal(row.id, secrets) };
  }

  private async find(id: string): Promise<Source> {
    const row = await this.sources.findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('source');
    return row;
  }

  private hookUrlOf({ provider }: Pick<Source, 'provider'>, token: string): string {
    return `${this.address.url}/hooks/${provider}/${token}`;
  }

  private seal(id: string, secrets: SourceSecrets): string | null {
    const isEmpty = Object.keys(secrets).length === 0;
    return isEmpty ? null : this.secrets.seal(JSON.stringify(secrets), sourceSecretsPlace(id));
  }

  private openSecrets({ id, secrets }: Source): SourceSecrets {
    return secrets === null ? {} : (JSON.parse(this.secrets.open(secrets, sourceSecretsPlace(id))) as SourceSecrets);
  }
}

function tokenPlace(id: string): string {
  return `sources/${id}/token`;
}

function toView(row: Source): SourceView {
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    settings: row.settings,
    disabled_at: row.disabledAt,
    created_at: row.createdAt,
  };
}
