import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Clock } from '../../src/clock/clock.js';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { GatewayProcess } from './gateway-process.js';
import { ScriptedZulip } from './scripted-zulip.js';
import { startWatchedGateway } from './start-watched-gateway.js';
import { createTestDatabase, type TestDatabase } from './template-database.js';
import { type Answer, call } from './test-gateway.js';

/** Gateways on one database, in this process or in processes of their own, that deliver to one scripted Zulip. */
export class Cluster {
  private readonly encryptionKey = randomBytes(24).toString('hex');
  private readonly adminKey = `dw_${randomBytes(24).toString('hex')}`;
  private readonly running: RunningGateway[] = [];
  private readonly spawned: GatewayProcess[] = [];
  private hookPath = '';
  private posted = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly zulip: ScriptedZulip,
    /** For looks into the database, and for what would take long otherwise. */
    readonly client: Client,
    private readonly leaseSeconds: number,
    private readonly dataDir: string,
  ) {}

  static async open(leaseSeconds: number): Promise<Cluster> {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const dataDir = mkdtempSync(join(tmpdir(), 'deskwire-cluster-'));
    return new Cluster(database, await ScriptedZulip.start(), client, leaseSeconds, dataDir);
  }

  /** A gateway in this process. @param clock by which it polls and sleeps; the system's unless given */
  async start(role: string, clock?: Clock): Promise<RunningGateway> {
    const environment = validateEnvironment({ ...this.environment(role), PORT: '0' });
    const gateway = await startWatchedGateway({
      environment,
      databaseUrl: this.database.url,
      encryptionKey: this.encryptionKey,
      ...(clock && { clock }),
    });
    this.running.push(gateway);
    const [source] = gateway.firstStart.newSources;
    if (source) this.hookPath = new URL(source.hook_url).pathname;
    return gateway;
  }

  /** A gateway in a process of its own, and where it listens. */
  async spawn(role: string): Promise<{ process: GatewayProcess; url: string }> {
    const process = new GatewayProcess(this.dataDir, this.environment(role));
    this.spawned.push(process);
    return { process, url: await process.started() };
  }

  /** Posts a webhook of a ticket, which becomes a message with this text. */
  post(url: string, ticket: number, text: string): Promise<Answer> {
    this.posted += 1;
    return call(new URL(this.hookPath, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'customer_replied' },
      body: JSON.stringify({
        id: `reply-${this.posted}`,
        plain_text_body: text,
        links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
      }),
    });
  }

  /** Calls the admin API of one of the gateways. */
  api(url: string, method: string, path: string): Promise<Answer> {
    return call(`${url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${this.adminKey}` } });
  }

  /** Texts of the messages that Zulip took. */
  get texts(): string[] {
    return this.zulip.taken.map(({ content }) => content.split('> ')[1] ?? '');
  }

  /** The first column of the first row. */
  async ask(sql: string): Promise<unknown> {
    const { rows } = await this.client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  }

  async close(): Promise<void> {
    for (const process of this.spawned) await process.kill();
    for (const gateway of this.running) await gateway.stop();
    await this.zulip.stop();
    await this.client.end();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private environment(role: string): Record<string, string> {
    return {
      ROLE: role,
      LEASE_SECONDS: String(this.leaseSeconds),
      DATABASE_URL: this.database.url,
      ENCRYPTION_KEY: this.encryptionKey,
      ADMIN_API_KEY: this.adminKey,
      OUTBOUND_ALLOW: LOOPBACK,
      ZULIP_SITE: this.zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'key-of-the-bot',
      ZULIP_CHANNEL: 'support',
    };
  }
}
