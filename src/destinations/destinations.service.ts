import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { type AdminCall, BY_START } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { queryableOf } from '../database/queryable-of.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { inUse, notFound } from '../http/problem.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { SecretBox } from '../secrets/secret-box.js';
import { changedDestination } from './changed-destination.js';
import { addressOf } from './destination-address.js';
import { Destination } from './destination.entity.js';
import type { CreateDestinationBody, UpdateDestinationBody } from './destination.dto.js';
import type { DestinationView, NewDestinationView } from './destination-view.dto.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationFailures } from './destination-failures.js';
import { insertRow, lockRow, saveRow } from './destination-rows.js';
import { openSecrets, readSecrets, sealSecrets } from './destination-secrets.js';
import { DestinationViews, newView } from './destination-views.js';
import { NewDestinations } from './new-destinations.js';
import { findRoutesTo } from './sql/find-routes-to.js';
import { removeFailing } from './sql/remove-failing.js';

/** What admins do with destinations. `…In` is a part of a greater transaction: it looks and locks by that alone. */
@Injectable()
export class DestinationsService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly transactions: AdminTransactions,
    private readonly directory: DestinationDirectory,
    private readonly failures: DestinationFailures,
    private readonly views: DestinationViews,
    private readonly drafts: NewDestinations,
    private readonly box: SecretBox,
    private readonly clock: Clock,
    private readonly policy: OutboundPolicy,
  ) {}

  /**
   * @returns it; a webhook with its secret, which is shown this once
   * @throws Problem 400 `validation_failed`, `forbidden_address`; 409 `name_taken`
   */
  async create(call: AdminCall, body: CreateDestinationBody): Promise<NewDestinationView> {
    await refuseForbiddenAddress(this.policy, addressOf(this.drafts.fromBody(body).settings));
    const view = await this.transactions.run(call, async (step) => this.shownOnce(await this.createIn(step, body)));
    await this.directory.refresh();
    return view;
  }

  /** Where its address leads has been looked at before: that may ask a name server. @throws as `create` */
  async createIn(step: AdminStep, body: CreateDestinationBody): Promise<Destination> {
    const row = this.drafts.fromBody(body);
    await insertRow(step, row);
    return row;
  }

  /**
   * Changes what the body names. One whose secret cannot be decrypted is changed as one that has none yet.
   *
   * @throws Problem 400 `validation_failed`, `forbidden_address`; 404; 409 `name_taken`, `too_many_secrets`; 412
   */
  async update(call: AdminCall, id: string, body: UpdateDestinationBody): Promise<DestinationView> {
    await this.judgeMove(id, body);
    const row = await this.transactions.run(call, (step) => this.updateIn(step, id, body));
    await this.directory.refresh();
    return this.viewOf(row);
  }

  /** Where a new address leads has been looked at before. @throws as `update` */
  async updateIn(step: AdminStep, id: string, body: UpdateDestinationBody): Promise<Destination> {
    const row = await lockRow(step, id);
    step.requireMatch(row.version, 'destination');
    const changed = changedDestination(row, readSecrets(row, this.box) ?? {}, body, this.clock.now());
    if (!changed.isChanged) return row;
    const { name, settings, secrets, disabledAt, isMoved, hasNewSecret } = changed;
    // Another address, or a new start at the same one: what did not arrive before does not count.
    if (isMoved || (row.disabledAt && !disabledAt)) await removeFailing(queryableOf(step.manager), id);
    const sealed = hasNewSecret || isMoved ? { secrets: sealSecrets(id, secrets, this.box) } : {};
    return saveRow(step, row, { name, settings, disabledAt, ...sealed }, { action: 'update', after: { hasNewSecret } });
  }

  /**
   * Sends nothing more to it, and cancels what waits.
   *
   * @throws Problem 404; 409 `in_use` that names the routes which lead to it; 412
   */
  async remove(call: AdminCall, id: string): Promise<void> {
    await this.transactions.run(call, (step) => this.removeIn(step, id));
    await this.directory.refresh();
    await this.failures.cancelOfDeleted(id);
  }

  /** What waits is cancelled by whoever delivers, after the commit. @throws as `remove` */
  async removeIn(step: AdminStep, id: string): Promise<Destination> {
    const row = await lockRow(step, id);
    step.requireMatch(row.version, 'destination');
    const routes = await findRoutesTo(queryableOf(step.manager), id);
    if (routes.length > 0) {
      const users = routes.map((route) => ({ kind: 'route', ...route }));
      throw inUse('destination', users);
    }
    return saveRow(step, row, { deletedAt: this.clock.now() }, { action: 'delete' });
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
    return row && this.viewOf(row);
  }

  /** @returns whether there was ever a destination: the first one is made only for a new installation. */
  async hadAny(): Promise<boolean> {
    return this.destinations.exists();
  }

  /** Points the destination of the sandbox's bot to where the sandbox is now: that may change between starts. */
  async moveSite(id: string, site: string): Promise<void> {
    await this.transactions.run(BY_START, async (step) => {
      const row = await lockRow(step, id);
      if (row.settings.site === site) return;
      await saveRow(step, row, { settings: { ...row.settings, site } }, { action: 'update' });
    });
    await this.directory.refresh();
  }

  /** @throws Problem 400 `validation_failed`, `forbidden_address` where it is to be led elsewhere */
  private async judgeMove(id: string, body: UpdateDestinationBody): Promise<void> {
    const row = await this.destinations.findOneBy({ id, deletedAt: IsNull() });
    if (!row) return;
    const known = readSecrets(row, this.box) ?? {};
    const { isMoved, settings } = changedDestination(row, known, body, this.clock.now());
    if (isMoved) await refuseForbiddenAddress(this.policy, addressOf(settings));
  }

  private async viewOf(row: Destination): Promise<DestinationView> {
    const [view] = await this.views.of([row]);
    return view ?? newView(row);
  }

  private shownOnce(row: Destination): NewDestinationView {
    const { signing_secret: secret } = openSecrets(row, this.box);
    return { ...newView(row), ...(secret !== undefined && { secret }) };
  }
}
