import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ApiKeysService } from '../access/api-keys.service.js';
import { BY_START } from '../changes/admin-call.js';
import { Environment } from '../config/environment.js';
import { EnvironmentError, namesZulipBot, sandboxEnabled } from '../config/validate-environment.js';
import { errorCode } from '../database/error-code.js';
import type { CreateDestinationBody } from '../destinations/destination.dto.js';
import type { DestinationView } from '../destinations/destination-view.dto.js';
import { DestinationsService } from '../destinations/destinations.service.js';
import { Problem } from '../http/problem.js';
import { PublicAddress } from '../http/public-address.js';
import { parseZuliprc, ZuliprcError } from '../notifiers/zulip/parse-zuliprc.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { RoutesService } from '../routes/routes.service.js';
import type { NewSourceView } from '../sources/source.dto.js';
import { SourcesService } from '../sources/sources.service.js';
import { newToken } from '../secrets/secret-token.js';
import { SandboxSwitch } from './sandbox-switch.js';
import { SnapshotFollower } from './snapshot-follower.js';

/** One number for all processes of one database: they prepare it one after the other. */
const FIRST_START_LOCK = 4_815_162_343;

/** What a start made, to be shown once. */
export interface FirstStartResult {
  /** The first admin key, if it was made now. */
  adminKey: string | null;
  newSources: NewSourceView[];
  /** The first destination, if it was made now. */
  newDestination: 'sandbox' | 'zulip' | null;
  /** Whether messages can go anywhere yet. */
  hasDestination: boolean;
  sandbox: boolean;
}

const NOTHING_MADE: FirstStartResult = {
  adminKey: null,
  newSources: [],
  newDestination: null,
  hasDestination: true,
  sandbox: false,
};

/**
 * Makes a new installation usable: a first admin key, a first destination with the route that leads everything to it,
 * and one source of each provider. What was made once is never made again, also when an admin deleted it.
 */
@Injectable()
export class FirstStart {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly environment: Environment,
    private readonly keys: ApiKeysService,
    private readonly sources: SourcesService,
    private readonly destinations: DestinationsService,
    private readonly routes: RoutesService,
    private readonly snapshots: SnapshotFollower,
    private readonly address: PublicAddress,
    private readonly sandbox: SandboxSwitch,
    private readonly outbound: OutboundPolicy,
  ) {}

  /** @param port that the server listens on */
  async run(port: number): Promise<FirstStartResult> {
    this.address.listeningOn(port);
    // Whoever sets the environment may open any address; the API may not.
    const site = zulipSite(this.environment);
    if (site !== undefined) this.outbound.openOwn(site);
    // What is shown once is shown by a process that people look at.
    if (this.environment.ROLE === 'worker') return NOTHING_MADE;
    // Held by a transaction, which a pooler keeps on one connection; the work itself is done beside it.
    return this.dataSource.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [FIRST_START_LOCK]);
      return this.prepare(port);
    });
  }

  private async prepare(port: number): Promise<FirstStartResult> {
    // Another process may have made them while this one waited for the lock.
    await this.snapshots.load();
    // What can fail comes first: keys and hook URLs are shown once, by the start that made them. The key comes last of
    // all; if it is lost all the same, `npm run keys -- create` makes another one.
    const newDestination = (await this.destinations.hadAny()) ? null : await this.makeFirstDestination(port);
    const sandbox = sandboxEnabled(this.environment);
    if (sandbox) await this.sandbox.turnOn(port);
    const newSources = await this.sources.ensureOneOfEach();
    const hasDestination = await this.destinations.hadAny();
    const adminKey = await this.keys.ensureFirstKey(this.environment.ADMIN_API_KEY);
    return { adminKey, newSources, newDestination, hasDestination, sandbox };
  }

  /** @throws EnvironmentError when the environment names a bot that cannot be used */
  private async createDestination(body: CreateDestinationBody): Promise<DestinationView> {
    try {
      return await this.destinations.create(BY_START, body);
    } catch (error) {
      if (error instanceof Problem) throw new EnvironmentError([`ZULIP_*, ZULIPRC: ${error.detail}`]);
      throw error;
    }
  }

  private async makeFirstDestination(port: number): Promise<'sandbox' | 'zulip' | null> {
    const body = namesZulipBot(this.environment)
      ? zulipDestination(this.environment)
      : sandboxEnabled(this.environment)
        ? this.sandbox.destination(port, newToken())
        : null;
    if (!body) return null;
    const { id } = await this.createDestination(body);
    await this.routes.ensureCatchAll(id);
    return namesZulipBot(this.environment) ? 'zulip' : 'sandbox';
  }
}

/** @throws EnvironmentError when the file cannot be read */
function readZuliprc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError([`ZULIPRC: the file cannot be read (${errorCode(error) ?? String(error)})`]);
  }
}

/** @returns undefined where there is none, or a zuliprc cannot be read: that is said where it is needed, at the first start */
function zulipSite({ ZULIP_SITE, ZULIPRC }: Environment): string | undefined {
  if (ZULIPRC === undefined) return ZULIP_SITE;
  try {
    return parseZuliprc(readZuliprc(ZULIPRC)).site;
  } catch (error) {
    if (error instanceof ZuliprcError || error instanceof EnvironmentError) return undefined;
    throw error;
  }
}

function zulipDestination(environment: Environment): CreateDestinationBody {
  const { ZULIP_SITE, ZULIP_EMAIL, ZULIP_API_KEY, ZULIP_CHANNEL, ZULIPRC } = environment;
  const channel = ZULIP_CHANNEL ?? '';
  const common = { name: 'Zulip', kind: 'zulip' } as const;
  if (ZULIPRC !== undefined) return { ...common, zuliprc: readZuliprc(ZULIPRC), settings: { channel } };
  return {
    ...common,
    settings: { channel, ...(ZULIP_SITE && { site: ZULIP_SITE }), ...(ZULIP_EMAIL && { email: ZULIP_EMAIL }) },
    ...(ZULIP_API_KEY && { secrets: { api_key: ZULIP_API_KEY } }),
  };
}
