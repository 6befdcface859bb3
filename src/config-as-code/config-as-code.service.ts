import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In, IsNull } from 'typeorm';
import type { AdminCall } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { requireMatch } from '../http/entity-tag.js';
import { Problem, secretUnreadable } from '../http/problem.js';
import { RouteTable } from '../routes/route-table.js';
import { Source } from '../sources/source.entity.js';
import { SourceDirectory } from '../sources/source-directory.js';
import { SourcesService } from '../sources/sources.service.js';
import type { ConfigDifferenceView } from './config-as-code.dto.js';
import type { ConfigDocument } from './config-document.dto.js';
import type { PartPlan } from './config-part.js';
import { DestinationsPart } from './destinations-part.js';
import { readConfigDocument } from './read-config-document.js';
import { RoutesPart } from './routes-part.js';
import { SourcesPart } from './sources-part.js';
import { type ExportedThing, writeConfigDocument } from './write-config-document.js';

/** A thousand routes with plain templates take three seconds. */
const LONGEST_MS = 30_000;
const TOO_COSTLY = 'The document takes too long to apply: apply it in parts, or say its templates more simply.';

/** The configuration as YAML, with what tells it from others. */
export interface ExportedConfig {
  yaml: string;
  /** For `If-Match`. */
  version: string;
}

/** Undoes a transaction that went well. */
class DryRun extends Error {
  constructor(readonly difference: ConfigDifferenceView) {
    super('A trial run is not kept.');
  }
}

/** Sources, destinations and routes as one document: exported, compared, applied whole or not at all. */
@Injectable()
export class ConfigAsCodeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly transactions: AdminTransactions,
    private readonly sourcesPart: SourcesPart,
    private readonly destinationsPart: DestinationsPart,
    private readonly routesPart: RoutesPart,
    private readonly sources: SourcesService,
    private readonly sourceDirectory: SourceDirectory,
    private readonly destinationDirectory: DestinationDirectory,
    private readonly routeTable: RouteTable,
    private readonly clock: Clock,
  ) {}

  /** @returns all of it as it was at one moment, secrets by reference. @throws Problem 409 `secret_unreadable` of a source */
  export(): Promise<ExportedConfig> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => this.exportIn(manager));
  }

  /**
   * Makes the configuration what a document says, in one transaction beside which no other change is under way.
   *
   * @param isDryRun whether to undo it at its end: what would be refused is refused then as well
   * @throws Problem 400, 409, 412, 413 that names the thing which cannot be; then nothing is changed
   */
  async apply(call: AdminCall, yaml: string, isDryRun: boolean): Promise<ConfigDifferenceView> {
    const document = readConfigDocument(yaml);
    await this.sourcesPart.judgeAddresses(this.dataSource.manager, document.sources);
    await this.destinationsPart.judgeAddresses(this.dataSource.manager, document.destinations);
    // It is about the whole: what changes each thing must not look at it.
    const { ifMatch, ...rest } = call;
    const applying = this.transactions.run(
      rest,
      async (step) => {
        if (ifMatch !== undefined) {
          requireMatch(ifMatch, (await this.exportIn(step.manager)).version, 'configuration');
        }
        const difference = await this.applyIn(this.withinTime(step), document);
        if (isDryRun) throw new DryRun({ ...difference, dry_run: true });
        return { dry_run: false, ...difference, ...(await this.shownOnce(step.manager, document, difference)) };
      },
      true,
    );
    const difference = await applying.catch((error: unknown) => {
      if (error instanceof DryRun) return error.difference;
      throw error;
    });
    if (!isDryRun) {
      // Routes and their destinations first, so that no source is known whose events would find no route.
      for (const snapshot of [this.routeTable, this.destinationDirectory, this.sourceDirectory]) {
        await snapshot.refresh();
      }
    }
    return difference;
  }

  private async applyIn(
    step: AdminStep,
    document: ConfigDocument,
  ): Promise<Pick<ConfigDifferenceView, 'create' | 'update' | 'delete'>> {
    const { manager } = step;
    const sources = await this.sourcesPart.plan(manager, document.sources);
    const destinations = await this.destinationsPart.plan(manager, document.destinations);
    const routes = await this.routesPart.plan(manager, document.routes);
    const plans: readonly PartPlan[] = [sources, destinations, routes];
    for (const plan of plans) await plan.save(step);
    for (const plan of plans.toReversed()) {
      await plan.remove?.(step);
      await plan.finish?.(step);
    }
    return {
      create: plans.flatMap((plan) => plan.create),
      update: plans.flatMap((plan) => plan.update),
      delete: plans.flatMap((plan) => plan.delete),
    };
  }

  /** Other changes wait meanwhile, and templates are tried out one by one. */
  private withinTime(step: AdminStep): AdminStep {
    const until = this.clock.steady() + LONGEST_MS;
    return {
      ...step,
      record: (change) => {
        if (this.clock.steady() > until) throw new Problem(409, 'configuration_too_costly', TOO_COSTLY);
        return step.record(change);
      },
    };
  }

  /** @returns what nobody could ask for later: hook URLs, and secrets that were made because the document names none */
  private async shownOnce(
    manager: EntityManager,
    document: ConfigDocument,
    { create }: Pick<ConfigDifferenceView, 'create'>,
  ): Promise<Pick<ConfigDifferenceView, 'hooks' | 'secrets'>> {
    const namesOf = (wanted: string): string[] => create.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    const rows = await manager.find(Source, {
      where: { name: In(namesOf('source')), deletedAt: IsNull() },
      select: { id: true, name: true, provider: true, token: true },
    });
    const referring =
      document.destinations?.filter(({ secrets }) => secrets !== undefined).map(({ name }) => name) ?? [];
    const made = namesOf('destination').filter((name) => !referring.includes(name));
    const destinations = made.length > 0 ? await this.destinationsPart.read(manager) : [];
    return {
      hooks: rows.map((row) => ({ source: row.name, hook_url: this.sources.hookUrlOf(row) })),
      secrets: destinations
        .filter(({ name }) => made.includes(name))
        .map(({ name, secrets }) => ({ destination: name, secret: String(secrets['signing_secret']) })),
    };
  }

  private async exportIn(manager: EntityManager): Promise<ExportedConfig> {
    const sources = await this.sourcesPart.read(manager);
    // Applied later, a document that leaves out what nobody can see would remove it.
    const unreadable = sources.find(({ isUnreadable }) => isUnreadable);
    if (unreadable) throw secretUnreadable(`secrets of the source "${unreadable.name}"`, 'enter them anew');
    const destinations = await this.destinationsPart.read(manager);
    const routes = await this.routesPart.read(manager);
    const countsOf = (secrets: object): ExportedThing['secrets'] =>
      Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [name, Array.isArray(value) ? value.length : undefined]),
      );
    const yaml = writeConfigDocument({
      sources: sources.map(({ name, row, secrets }) => ({
        ...{ kind: 'source', name, fields: { provider: row.provider }, settings: row.settings },
        ...{ secrets: countsOf(secrets), isDisabled: row.disabledAt !== null },
      })),
      destinations: destinations.map(({ name, row, secrets }) => ({
        ...{ kind: 'destination', name, fields: { kind: row.kind }, settings: row.settings },
        ...{ secrets: countsOf(secrets), isDisabled: row.disabledAt !== null },
      })),
      routes: routes.map(({ name, row, destination }) => ({
        ...{ kind: 'route', name, fields: { destination, matchers: row.matchers }, settings: row.settings },
        ...{ secrets: {}, isDisabled: row.disabledAt !== null },
      })),
    });
    return { yaml, version: createHash('sha256').update(yaml).digest('base64url').slice(0, 16) };
  }
}
