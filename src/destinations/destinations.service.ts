import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Problem, notFound } from '../http/problem.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { SecretBox } from '../secrets/secret-box.js';
import { checkedSettings } from './checked-settings.js';
import { Destination } from './destination.entity.js';
import type {
  CreateDestinationBody,
  DestinationTestView,
  DestinationView,
  NewDestinationView,
  NewSecretView,
} from './destination.dto.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { sealSecrets } from './destination-secrets.js';
import { type DestinationSettings, ZulipSettingsBody } from './destination-settings.dto.js';
import { DestinationTester } from './destination-tester.js';
import { DestinationViews, newView } from './destination-views.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { resumePauses } from './sql/resume-pauses.js';
import { WebhookDestinations } from './webhook-destinations.js';
import { zulipAccount } from './zulip-account.js';

/** What admins do with destinations. */
@Injectable()
export class DestinationsService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly directory: DestinationDirectory,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly webhooks: WebhookDestinations,
    private readonly failures: DestinationFailures,
    private readonly views: DestinationViews,
    private readonly tester: DestinationTester,
    private readonly policy: OutboundPolicy,
  ) {}

  /**
   * @returns it; a webhook with its secret, which is shown this once
   * @throws Problem 400 when an account or an address is incomplete, 409 `name_taken`
   */
  async create(body: CreateDestinationBody): Promise<NewDestinationView> {
    return body.kind === 'webhook' ? this.createWebhook(body) : this.createZulip(body);
  }

  async list(query: PageQuery): Promise<Page<DestinationView>> {
    return fetchPage('destinations', query, async (position) =>
      this.views.of(await this.destinations.find(pageWhere<Destination>(position, { deletedAt: IsNull() }))),
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
    const [view] = row ? await this.views.of([row]) : [];
    return view ?? null;
  }

  /**
   * Ends its pauses, its channels' too, and enables it if it was disabled: what waits is sent at once.
   *
   * @throws Problem 404
   */
  async resume(id: string): Promise<DestinationView> {
    await this.findRow(id);
    await resumePauses(this.db, id, this.clock.now());
    await this.failures.enable(id);
    return this.get(id);
  }

  /**
   * @returns a new secret, shown this once: it signs from now on, and the one before for a day as well
   * @throws Problem 404; 409 `not_signed` for a destination that is no webhook
   */
  async rotateSecret(id: string): Promise<NewSecretView> {
    const row = await this.findRow(id);
    if (row.kind !== 'webhook') throw new Problem(409, 'not_signed', 'Only webhooks are signed with a secret of ours.');
    return { secret: await this.webhooks.rotateSecret(row) };
  }

  /**
   * Sends a test message, also while it is paused or disabled.
   *
   * @throws Problem 404
   */
  async test(id: string): Promise<DestinationTestView> {
    return this.tester.test(await this.findRow(id));
  }

  /** @returns whether there was ever a destination: the first one is made only for a new installation. */
  async hadAny(): Promise<boolean> {
    return this.destinations.exists();
  }

  /** Points the destination of one bot to another site: the sandbox's address may change between starts. */
  async moveSite(id: string, site: string): Promise<void> {
    const row = await this.destinations.findOneByOrFail({ id });
    if (row.settings.site === site) return;
    const settings: DestinationSettings = { ...row.settings, site };
    await this.destinations.update({ id }, { settings });
    await this.directory.refresh();
  }

  private async createZulip(body: CreateDestinationBody): Promise<DestinationView> {
    const account = zulipAccount(body);
    await refuseForbiddenAddress(this.policy, account.site);
    const now = this.clock.now();
    const id = newId(now);
    const row = this.destinations.create({
      id,
      name: body.name,
      kind: body.kind,
      settings: checkedSettings(ZulipSettingsBody, { ...body.settings, site: account.site, email: account.email }),
      secrets: sealSecrets(id, { api_key: account.apiKey }, this.secrets),
      isSubscriber: false,
      subscriberUrl: null,
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('destination', 'destinations_name', () => this.destinations.insert(row));
    await this.directory.refresh();
    return newView(row);
  }

  private async createWebhook({
    name,
    settings,
    secrets,
    zuliprc,
  }: CreateDestinationBody): Promise<NewDestinationView> {
    if (zuliprc !== undefined) {
      throw new Problem(400, 'validation_failed', 'zuliprc: belongs to a destination of the kind zulip.');
    }
    const given = secrets?.signing_secret;
    const { row, secret } = await this.webhooks.create({
      name,
      settings: { ...settings, url: settings.url ?? '' },
      ...(given !== undefined && { secret: given }),
      isSubscriber: false,
    });
    return { ...newView(row), secret };
  }

  private async findRow(id: string): Promise<Destination> {
    const row = await this.destinations.findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('destination');
    return row;
  }
}
