import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, type Repository } from 'typeorm';
import { type AdminCall, BY_START } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { disabledAfter } from '../http/disabling.dto.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { notFound, secretUnreadable } from '../http/problem.js';
import { PublicAddress } from '../http/public-address.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { hashToken, newToken } from '../secrets/secret-token.js';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import { describeSource, type OpenedSource, openSource } from './describe-source.js';
import type { CreateSourceBody, NewSourceView, RotateTokenBody, SourceView, UpdateSourceBody } from './source.dto.js';
import { Source } from './source.entity.js';
import { SourceDirectory } from './source-directory.js';
import { SourceRules, staysUnreadable } from './source-rules.js';
import { refuseNamed, refuseUsed } from './source-users.js';
import { SourceVault } from './source-vault.js';
import { SourceViews } from './source-views.js';
import { watchAgain } from './sql/watch-again.js';

const MS_PER_SECOND = 1_000;
const DEFAULT_GRACE_SECONDS = 86_400;

/** A change of a source, before it is written. */
interface SourceChange {
  action: string;
  /** The columns that change. */
  columns: Partial<Source>;
  /** What it is entrusted with from then on; absent = as before. */
  secrets?: SourceSecrets;
}

/** What admins do with sources. Methods named `…In` work within a transaction, see it alone, and return rows. */
@Injectable()
export class SourcesService {
  constructor(
    @InjectRepository(Source) private readonly sources: Repository<Source>,
    private readonly transactions: AdminTransactions,
    private readonly directory: SourceDirectory,
    private readonly providers: ProviderRegistry,
    private readonly rules: SourceRules,
    private readonly vault: SourceVault,
    private readonly views: SourceViews,
    private readonly address: PublicAddress,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the source with its hook URL; where the call repeats an earlier one, without
   * @throws Problem as `createIn`; 422 `idempotency_key_reused`
   */
  async create(call: AdminCall, body: CreateSourceBody): Promise<NewSourceView> {
    await this.rules.judgeAddress(this.rules.makeUpOfNew(body).settings);
    return this.change(call, async (step) => this.newViewOf(step.manager, await this.createIn(step, body)));
  }

  /** Where its address leads has been looked at before. @throws Problem 400 `unknown_provider`, `validation_failed`; 409 `name_taken` */
  async createIn({ manager, record }: AdminStep, body: CreateSourceBody): Promise<Source> {
    const now = this.clock.now();
    const { settings, secrets } = this.rules.makeUpOfNew(body);
    const id = newId(now);
    const token = newToken();
    const row = manager.create(Source, {
      id,
      name: body.name,
      provider: body.provider,
      settings,
      tokenHash: hashToken(token),
      token: this.vault.sealToken(id, token),
      previousTokenHash: null,
      previousTokenUntil: null,
      secrets: this.vault.seal(id, secrets),
      version: 1,
      disabledAt: disabledAfter(body, null, now),
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('source', 'sources_name', () => manager.insert(Source, row));
    await record({
      action: 'create',
      subject: subjectOf(row),
      before: null,
      after: describeSource({ row, secrets }),
    });
    return row;
  }

  /** Changes what the body names. @throws Problem as `updateIn` */
  async update(call: AdminCall, id: string, body: UpdateSourceBody): Promise<SourceView> {
    const row = await this.sources.findOneBy({ id, deletedAt: IsNull() });
    if (row && body.settings) {
      const { settings } = this.rules.changedMakeUp(openSource(row, this.vault), body);
      await this.rules.judgeAddress(settings, row.settings);
    }
    return this.change(call, async (step) => this.views.ofOne(step.manager, await this.updateIn(step, id, body)));
  }

  /**
   * A change of nothing is none: no version, no record.
   *
   * @throws Problem 400 `validation_failed`, `forbidden_address`; 404; 409 `name_taken`, `in_use` while routes name it by
   *   the name that it is to lose; 412
   */
  async updateIn(step: AdminStep, id: string, body: UpdateSourceBody): Promise<Source> {
    const known = await this.lock(step, id);
    const { row } = known;
    const now = this.clock.now();
    const before = { name: row.name, settings: row.settings, secrets: known.secrets, disabledAt: row.disabledAt };
    const { settings, secrets } = this.rules.changedMakeUp(known, body);
    const name = body.name ?? row.name;
    const disabledAt = disabledAfter(body, row.disabledAt, now);
    const isKept = staysUnreadable(known, body);
    const isAnew = known.isUnreadable === true && !isKept;
    if (!isAnew && isDeepStrictEqual({ name, settings, secrets, disabledAt }, before)) return row;
    if (name !== row.name) await refuseNamed(step.manager, row, name);
    if (row.disabledAt && !disabledAt) await watchAgain(step.manager, id, now);
    const sealed = isKept ? row.secrets : this.vault.seal(id, secrets);
    const columns = { name, settings, secrets: sealed, disabledAt };
    return this.write(step, known, { action: 'update', columns, secrets });
  }

  /** @throws Problem as `removeIn` */
  remove(call: AdminCall, id: string): Promise<void> {
    return this.change(call, async (step) => {
      await this.removeIn(step, id);
    });
  }

  /** Its events stay in the log, and its name with them. @throws Problem 404; 409 `in_use`, `busy`; 412 */
  async removeIn(step: AdminStep, id: string): Promise<Source> {
    const known = await this.lock(step, id);
    const now = this.clock.now();
    await refuseUsed(step.manager, known.row, now);
    const columns = { deletedAt: now, secrets: null, previousTokenHash: null, previousTokenUntil: null };
    return this.write(step, known, { action: 'delete', columns, secrets: {} });
  }

  /**
   * Gives a source another hook URL. The one until now is let in beside it for the time of grace; one from before that,
   * whose grace a rotation finds unfinished, is not let in any more.
   *
   * @throws Problem 404, 412
   */
  rotateToken(
    call: AdminCall,
    id: string,
    { grace_seconds: grace = DEFAULT_GRACE_SECONDS }: RotateTokenBody,
  ): Promise<NewSourceView> {
    return this.change(call, async (step) => {
      const known = await this.lock(step, id);
      const token = newToken();
      const until = grace === 0 ? null : new Date(this.clock.now().getTime() + grace * MS_PER_SECOND);
      const columns = {
        tokenHash: hashToken(token),
        token: this.vault.sealToken(id, token),
        previousTokenHash: until && known.row.tokenHash,
        previousTokenUntil: until,
      };
      return this.newViewOf(step.manager, await this.write(step, known, { action: 'rotate_token', columns }));
    });
  }

  /** @returns the address that a helpdesk posts to, token and all. @throws Problem 404; 409 `secret_unreadable` */
  async hookUrl(id: string): Promise<string> {
    const row = await this.sources.findOne({
      where: { id, deletedAt: IsNull() },
      select: { id: true, provider: true, token: true },
    });
    if (!row) throw notFound('source');
    return this.hookUrlOf(row);
  }

  /** @returns as `hookUrl`, of a row that was read with its token. @throws Problem 409 `secret_unreadable` */
  hookUrlOf(row: Pick<Source, 'id' | 'provider' | 'token'>): string {
    const token = this.vault.openToken(row);
    if (token === undefined) throw secretUnreadable('hook URL of this source', 'rotate its token');
    return `${this.address.url}/hooks/${row.provider}/${token}`;
  }

  list(query: PageQuery): Promise<Page<SourceView>> {
    return fetchPage('sources', query, async (position) =>
      this.views.of(
        this.sources.manager,
        await this.sources.find(pageWhere<Source>(position, { deletedAt: IsNull() })),
      ),
    );
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<SourceView> {
    const row = await this.sources.findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('source');
    return this.views.ofOne(this.sources.manager, row);
  }

  /** One source of each provider that never had one, so that a new installation can be tried at once. */
  async ensureOneOfEach(): Promise<NewSourceView[]> {
    const made: NewSourceView[] = [];
    for (const { provider } of this.providers.list()) {
      if (await this.sources.existsBy({ provider })) continue;
      made.push(await this.create(BY_START, { name: provider, provider }));
    }
    return made;
  }

  /** Also an answer that is given again is followed by a reading: another process may have given it first. */
  private async change<Answer>(call: AdminCall, work: (step: AdminStep) => Promise<Answer>): Promise<Answer> {
    const answer = await this.transactions.run(call, work);
    await this.directory.refresh();
    return answer;
  }

  /** Held until the commit: two changes at once would each undo what the other one did. @throws Problem 404, 412 */
  private async lock({ manager, requireMatch }: AdminStep, id: string): Promise<OpenedSource> {
    const row = await manager.findOne(Source, {
      where: { id, deletedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
    if (!row) throw notFound('source');
    requireMatch(row.version, 'source');
    return openSource(row, this.vault);
  }

  private async write(
    { manager, record }: AdminStep,
    known: OpenedSource,
    { action, columns, secrets = known.secrets }: SourceChange,
  ): Promise<Source> {
    const row: Source = { ...known.row, ...columns, version: known.row.version + 1 };
    const values = { ...columns, version: row.version };
    await refuseTakenName('source', 'sources_name', () => manager.update(Source, { id: row.id }, values));
    await record({
      action,
      subject: subjectOf(row),
      before: describeSource(known),
      after: row.deletedAt ? null : describeSource({ row, secrets }, known),
    });
    return row;
  }

  private async newViewOf(manager: EntityManager, row: Source): Promise<NewSourceView> {
    return { ...(await this.views.ofOne(manager, row)), hook_url: this.hookUrlOf(row) };
  }
}

function subjectOf({ id, name }: Source): { kind: 'source'; id: string; name: string } {
  return { kind: 'source', id, name };
}
