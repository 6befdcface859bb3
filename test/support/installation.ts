import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import type { ScriptedZulip } from './scripted-zulip.js';
import { startWatchedGateway } from './start-watched-gateway.js';
import { type Answer, call } from './test-gateway.js';

/** What stays the same while databases come and go: keys, the hook URL, the Zulip server. One gateway at a time. */
export class Installation {
  private readonly adminKey = `dw_${randomBytes(24).toString('hex')}`;
  private readonly encryptionKey = randomBytes(24).toString('hex');
  private gateway: RunningGateway | undefined;
  private hookPath = '';
  private posted = 0;

  constructor(private readonly zulip: ScriptedZulip) {}

  async start(databaseUrl: string): Promise<void> {
    const environment = validateEnvironment({
      PORT: '0',
      ADMIN_API_KEY: this.adminKey,
      OUTBOUND_ALLOW: LOOPBACK,
      ZULIP_SITE: this.zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'k',
      ZULIP_CHANNEL: 'support',
    });
    this.gateway = await startWatchedGateway({ environment, databaseUrl, encryptionKey: this.encryptionKey });
    const [groove] = this.gateway.firstStart.newSources;
    if (groove) this.hookPath = new URL(groove.hook_url).pathname;
  }

  async stop(): Promise<void> {
    const { gateway } = this;
    this.gateway = undefined;
    await gateway?.stop();
  }

  /** Posts a reply to a ticket. */
  post(ticket: number, text: string): Promise<Answer> {
    this.posted += 1;
    return call(new URL(this.hookPath, this.gateway?.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'customer_replied' },
      body: JSON.stringify({
        id: `reply-${this.posted}`,
        plain_text_body: text,
        links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
      }),
    });
  }

  api(method: string, path: string, body?: object): Promise<Answer> {
    return call(`${this.gateway?.url ?? ''}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

/** @returns a number of rows and a digest of them for each table, without partitions and the record of migrations */
export async function digestTables(url: string): Promise<Record<string, string>> {
  return onDatabase(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
         and relname <> 'migrations' order by relname`,
    );
    const digests: [string, string][] = [];
    for (const { name } of rows) {
      const { rows: found } = await client.query<{ digest: string }>(
        `select count(*) || ' ' || md5(coalesce(string_agg(t::text, e'\\n' order by t::text collate "C"), '')) as digest
         from ${name} t`,
      );
      digests.push([name, found[0]?.digest ?? '']);
    }
    return Object.fromEntries(digests);
  });
}

/** Asks over a connection of its own. */
export async function onDatabase<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
