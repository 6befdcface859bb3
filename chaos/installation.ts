import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newAdminKey, temporaryDirectory } from '../bench/gateway-process.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded-postgres/embedded-postgres.js';
import { findFreePort } from '../src/database/embedded-postgres/free-port.js';
import { ChaosZulip } from './chaos-zulip.js';
import { Cluster } from './cluster.js';
import { install } from './install.js';
import { KeptGateway } from './kept-gateway.js';
import type { PhaseName } from './options.js';
import type { FaultPlan } from './zulip-faults.js';

/** Of three processes. */
const ROLES = ['all', 'all', 'worker'] as const;
/** Three processes with some thirty connections each, and what is left of killed ones. */
const MOST_CONNECTIONS = '200';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** All that a phase runs on, on loopback and in a temporary directory: Zulip, PostgreSQL, gateways. */
export class Installation {
  readonly gateways: KeptGateway[] = [];
  readonly cluster: Cluster;
  /** Of the gateways that take webhooks. */
  readonly urls: string[] = [];
  /** Of one source each. */
  hookPaths: string[] = [];
  private readonly directory = temporaryDirectory('deskwire-chaos-');
  private readonly adminKey = newAdminKey();
  private postgres: EmbeddedPostgres | undefined;

  private constructor(
    private readonly form: PhaseName,
    readonly zulip: ChaosZulip,
  ) {
    this.cluster = new Cluster(this.path(form === 'one' ? 'gateway-0' : 'server'));
  }

  /** Starts the Zulip server alone. */
  static async prepare(form: PhaseName, faults: FaultPlan): Promise<Installation> {
    return new Installation(form, await ChaosZulip.start(faults));
  }

  /**
   * Starts one process, which keeps its own PostgreSQL, or three on a PostgreSQL that we keep, and tells them where
   * webhooks go.
   *
   * @throws whatever keeps it from starting; `stop` ends what was started
   */
  async start(signal: AbortSignal): Promise<void> {
    await (this.form === 'one' ? this.addGateway('all', {}) : this.addThree());
    const [first] = this.gateways as [KeptGateway];
    first.start();
    await first.ready(signal);
    this.hookPaths = await install(first.url, this.adminKey, await this.zulip.site());
    for (const gateway of this.gateways.slice(1)) gateway.start();
    await this.allReady(signal);
  }

  async allReady(signal: AbortSignal): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.ready(signal)));
  }

  /** Ends all that was started. */
  async stop(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.postgres?.stop();
    await this.cluster.gone();
    await this.zulip.stop();
  }

  /** Where logs and database are until `removeFiles`. */
  get files(): string {
    return this.directory.path;
  }

  removeFiles(): void {
    this.directory.remove();
  }

  private async addThree(): Promise<void> {
    const settings = { max_connections: MOST_CONNECTIONS };
    this.postgres = await startEmbeddedPostgres({ dataDir: this.path('server'), log: quiet, settings });
    const shared = { DATABASE_URL: this.postgres.url, ENCRYPTION_KEY: randomBytes(24).toString('hex') };
    for (const role of ROLES) await this.addGateway(role, shared);
  }

  private async addGateway(role: (typeof ROLES)[number], environment: Record<string, string>): Promise<void> {
    const own = { ROLE: role, ADMIN_API_KEY: this.adminKey, SANDBOX: 'false', LOG_LEVEL: 'warn' };
    const directory = this.path(`gateway-${this.gateways.length}`);
    const gateway = new KeptGateway(directory, await findFreePort(), { ...own, ...environment });
    this.gateways.push(gateway);
    if (role === 'all') this.urls.push(gateway.url);
  }

  /** @returns a directory of its own, which the account that runs PostgreSQL may enter, whatever the umask */
  private path(name: string): string {
    const path = join(this.directory.path, name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o711);
    return path;
  }
}
