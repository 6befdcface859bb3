import { Injectable } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Problem, notFound } from '../http/problem.js';
import { fieldProblems, validationProblem } from '../http/validation.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { parseZuliprc, ZuliprcError } from '../notifiers/zulip/parse-zuliprc.js';
import { SecretBox } from '../secrets/secret-box.js';
import { Destination } from './destination.entity.js';
import {
  type CreateDestinationBody,
  DestinationSettingsBody,
  type DestinationView,
  type PauseView,
} from './destination.dto.js';
import { DestinationDirectory, secretsPlace } from './destination-directory.js';
import type { Pause } from './pause.js';
import { listPauses } from './sql/list-pauses.js';
import { resumePauses } from './sql/resume-pauses.js';

/** A bot's account, from a zuliprc or from the single fields. */
interface ZulipAccount {
  site: string;
  email: string;
  apiKey: string;
}

/** What admins do with destinations. */
@Injectable()
export class DestinationsService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly directory: DestinationDirectory,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
    private readonly db: Database,
  ) {}

  /** @throws Problem 400 when the bot's account is incomplete, 409 `name_taken` */
  async create(body: CreateDestinationBody): Promise<DestinationView> {
    const account = zulipAccount(body);
    const now = this.clock.now();
    const id = newId(now);
    const row = this.destinations.create({
      id,
      name: body.name,
      kind: body.kind,
      settings: checkedSettings({ ...body.settings, site: account.site, email: account.email }),
      secrets: this.secrets.seal(JSON.stringify({ api_key: account.apiKey }), secretsPlace(id)),
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('destination', 'destinations_name', () => this.destinations.insert(row));
    await this.directory.refresh();
    return toView(row, []);
  }

  async list(query: PageQuery): Promise<Page<DestinationView>> {
    return fetchPage('destinations', query, async (position) =>
      this.toViews(await this.destinations.find(pageWhere<Destination>(position, { deletedAt: IsNull() }))),
    );
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<DestinationView> {
    const destination = await this.find(id);
    if (!destination) throw notFound('destination');
    return destination;
  }

  async find(id: string): Promise<DestinationView | null> {
    const row = await this.destinations.findOneBy({ id, deletedAt: IsNull() });
    const [view] = row ? await this.toViews([row]) : [];
    return view ?? null;
  }

  /**
   * Ends its pauses, its channels' too: what waits is sent at once.
   *
   * @throws Problem 404
   */
  async resume(id: string): Promise<DestinationView> {
    await this.get(id);
    await resumePauses(this.db, id, this.clock.now());
    return this.get(id);
  }

  /** @returns whether there was ever a destination: the first one is made only for a new installation. */
  async hadAny(): Promise<boolean> {
    return this.destinations.exists();
  }

  /** Points the destination of one bot to another site: the sandbox's address may change between starts. */
  async moveSite(id: string, site: string): Promise<void> {
    const row = await this.destinations.findOneByOrFail({ id });
    if (row.settings.site === site) return;
    const settings: DestinationSettingsBody = { ...row.settings, site };
    await this.destinations.update({ id }, { settings });
    await this.directory.refresh();
  }

  private async toViews(rows: Destination[]): Promise<DestinationView[]> {
    const pauses = await listPauses(
      this.db,
      rows.map((row) => row.id),
    );
    return rows.map((row) =>
      toView(
        row,
        pauses.filter((pause) => pause.destination_id === row.id),
      ),
    );
  }
}

/**
 * Settings that were put together of several parts are held to the same rules as those of a request.
 *
 * @throws Problem 400 `validation_failed`
 */
function checkedSettings(settings: DestinationSettingsBody): DestinationSettingsBody {
  const errors = validateSync(plainToInstance(DestinationSettingsBody, settings));
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => fieldProblems(error, 'settings')));
  return settings;
}

/** @throws Problem 400 that names what is missing */
function zulipAccount(body: CreateDestinationBody): ZulipAccount {
  if (body.zuliprc !== undefined) return accountFromZuliprc(body, body.zuliprc);
  const { site, email } = body.settings;
  const apiKey = body.secrets?.api_key;
  if (site === undefined || email === undefined || apiKey === undefined) {
    throw new Problem(
      400,
      'validation_failed',
      'A Zulip destination needs settings.site, settings.email and secrets.api_key, or a zuliprc.',
    );
  }
  return { site, email, apiKey };
}

function accountFromZuliprc(body: CreateDestinationBody, zuliprc: string): ZulipAccount {
  if (body.settings.site !== undefined || body.settings.email !== undefined || body.secrets !== undefined) {
    throw new Problem(400, 'validation_failed', 'zuliprc: give it, or site, email and api_key, not both.');
  }
  try {
    const { site, email, key } = parseZuliprc(zuliprc);
    return { site, email, apiKey: key };
  } catch (error) {
    if (!(error instanceof ZuliprcError)) throw error;
    throw new Problem(400, 'validation_failed', `zuliprc: ${error.message}`, { cause: error });
  }
}

function toView(row: Destination, pauses: readonly Pause[]): DestinationView {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: row.settings,
    pauses: pauses.filter((pause) => pause.resumed_at === null).map(toPauseView),
    disabled_at: row.disabledAt,
    created_at: row.createdAt,
  };
}

function toPauseView({ channel, reason, detail, since, next_probe_at }: Pause): PauseView {
  return { channel: channel === '' ? null : channel, reason, detail, since, next_probe_at };
}
