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
import { ProviderRegistry } from '../providers/provider-registry.js';
import { SecretBox } from '../secrets/secret-box.js';
import { hashToken, newToken } from '../secrets/secret-token.js';
import { Source } from './source.entity.js';
import { type CreateSourceBody, type NewSourceView, type SourceView } from './source.dto.js';
import { SourceDirectory } from './source-directory.js';

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
  ) {}

  /** @throws Problem 400 `unknown_provider`, 409 `name_taken` */
  async create(body: CreateSourceBody): Promise<NewSourceView> {
    if (!this.providers.get(body.provider)) {
      const known = this.providers.list().map((adapter) => adapter.provider);
      throw new Problem(400, 'unknown_provider', `provider: must be one of ${known.join(', ')}.`);
    }
    const now = this.clock.now();
    const id = newId(now);
    const token = newToken();
    const row = this.sources.create({
      id,
      name: body.name,
      provider: body.provider,
      settings: { ...body.settings },
      tokenHash: hashToken(token),
      token: this.secrets.seal(token, `sources/${id}/token`),
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('source', 'sources_name', () => this.sources.insert(row));
    await this.directory.refresh();
    return { ...toView(row), hook_url: `${this.address.url}/hooks/${row.provider}/${token}` };
  }

  async list(query: PageQuery): Promise<Page<SourceView>> {
    return fetchPage('sources', query, async (position) =>
      (await this.sources.find(pageWhere<Source>(position, { deletedAt: IsNull() }))).map((row) => toView(row)),
    );
  }

  async get(id: string): Promise<SourceView> {
    const row = await this.sources.findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('source');
    return toView(row);
  }

  /** One source of each provider that never had one, so that a new installation can be tried at once. */
  async ensureOneOfEach(): Promise<NewSourceView[]> {
    const made: NewSourceView[] = [];
    for (const { provider } of this.providers.list()) {
      if (!(await this.sources.existsBy({ provider }))) made.push(await this.create({ name: provider, provider }));
    }
    return made;
  }
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
