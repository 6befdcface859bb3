import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { DestinationDirectory } from '../../src/destinations/destination-directory.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { FakeClock } from './fake-clock.js';
import { ScriptedZulip } from './scripted-zulip.js';
import { startWatchedGateway } from './start-watched-gateway.js';
import { createTestDatabase, type TestDatabase } from './template-database.js';
import { type Answer, call } from './test-gateway.js';
import { waitUntil } from './wait-until.js';

type Row = Record<string, unknown>;

const GROOVE = 'groove';

/** A gateway whose bot posts to a scripted Zulip, on a clock that stands still; it can be started again where it was. */
export class DeliveryEngine {
  readonly clock = new FakeClock();
  private readonly adminKey = `dw_${randomBytes(24).toString('hex')}`;
  private readonly encryptionKey = randomBytes(24).toString('hex');
  private gateway!: RunningGateway;
  private hookPath = '';
  private posted = 0;

  private constructor(
    readonly zulip: ScriptedZulip,
    private readonly database: TestDatabase,
    private readonly environment: Record<string, string>,
    private readonly client: Client,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<DeliveryEngine> {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const engine = new DeliveryEngine(await ScriptedZulip.start(), database, environment, client);
    await engine.startGateway();
    return engine;
  }

  get app(): RunningGateway['app'] {
    return this.gateway.app;
  }

  async stop(): Promise<void> {
    await this.stopGateway();
    await this.zulip.stop();
    await this.client.end();
    await this.database.drop();
  }

  /** @param meanwhile what happens while no gateway runs */
  async restart(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.stopGateway();
    await meanwhile();
    await this.startGateway();
  }

  async api(method: string, path: string, body?: unknown, key = this.adminKey): Promise<Answer> {
    return call(`${this.gateway.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** Straight from the database, for what the API does not show. */
  async sql(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** The bot's destination as the API shows it. */
  async destination(): Promise<Row> {
    const [first] = (await this.api('GET', '/destinations')).body.data;
    return (await this.api('GET', `/destinations/${String(first?.['id'])}`)).body;
  }

  async pauses(): Promise<Row[]> {
    return (await this.destination())['pauses'] as Row[];
  }

  /** Changes settings of the bot's destination; returns when the gateway has read them. */
  async set(settings: object): Promise<void> {
    const change = 'update destinations set settings = settings || $1::jsonb returning id, settings';
    const [row] = await this.sql(change, [JSON.stringify(settings)]);
    const directory = this.app.get(DestinationDirectory, { strict: false });
    await waitUntil(() => isDeepStrictEqual(directory.find(String(row?.['id']))?.settings, row?.['settings']));
  }

  async route(settings: object, matchers: object[] = [], position = 1): Promise<void> {
    const { id } = await this.destination();
    const name = `Route ${randomBytes(4).toString('hex')}`;
    const answer = await this.api('POST', '/routes', { name, position, matchers, destination_id: id, settings });
    if (answer.status !== 201) throw new Error(answer.text);
  }

  /** A customer replies; equal replies are different ones all the same. */
  async reply(ticket: number, text: string): Promise<void> {
    this.posted += 1;
    await this.groove('customer_replied', {
      id: `reply-${this.posted}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });
  }

  /** A ticket changes. @param event in Groove's words */
  async change(event: string, ticket: number, title: string, state = 'opened'): Promise<void> {
    this.posted += 1;
    const at = new Date(this.posted * 1_000).toISOString();
    await this.groove(event, { number: ticket, title, state, updated_at: at, state_changed_at: at });
  }

  /** In order of acceptance. */
  async deliveries(): Promise<Row[]> {
    return (await this.api('GET', '/deliveries?limit=500')).body.data.reverse();
  }

  async attemptsOf(delivery: Row | undefined): Promise<Row[]> {
    const { body } = await this.api('GET', `/deliveries/${String(delivery?.['id'])}?include=attempts`);
    return body['attempts'] as Row[];
  }

  /**
   * Waits until the deliveries, in order of acceptance, are in these states.
   *
   * @param stepMs by which the clock goes on, again and again; beyond a second, an attempt that has begun on record is
   *   not sent any more, but begun anew
   */
  async recorded(states: string[], stepMs = 0): Promise<Row[]> {
    let seen: unknown;
    const look = async (): Promise<Row[] | false> => {
      this.clock.advance(stepMs);
      const all = await this.deliveries();
      seen = all.map(({ state, reason }) => [state, reason]);
      return (
        isDeepStrictEqual(
          all.map(({ state }) => state),
          states,
        ) && all
      );
    };
    return waitUntil(look).catch((error: unknown) => {
      throw new Error(`instead: ${JSON.stringify(seen)}`, { cause: error });
    });
  }

  /** Waits until all are delivered. @param stepMs by which the clock goes on, again and again */
  async delivered(count: number, stepMs = 0): Promise<Row[]> {
    return this.recorded(
      Array.from({ length: count }, () => 'delivered'),
      stepMs,
    );
  }

  /** What customers said, message by message as Zulip took them. */
  get said(): string[][] {
    return this.zulip.taken.map(({ content }) => wordsOf(content));
  }

  private async groove(event: string, body: object): Promise<void> {
    const answer = await call(`${this.gateway.url}${this.hookPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': event },
      body: JSON.stringify(body),
    });
    if (answer.status >= 300) throw new Error(`${event}: ${answer.status} ${answer.text}`);
  }

  /** Time goes on meanwhile: what is in the air may wait for it. */
  private async stopGateway(): Promise<void> {
    let isStopped = false;
    const stopped = this.gateway.stop().finally(() => (isStopped = true));
    await waitUntil(() => {
      this.clock.advance(1_000);
      return isStopped;
    });
    await stopped;
  }

  private async startGateway(): Promise<void> {
    this.gateway = await startWatchedGateway({
      environment: validateEnvironment({
        PORT: '0',
        SANDBOX: 'false',
        OUTBOUND_ALLOW: LOOPBACK,
        // So that the clock may go on in great steps without losing the destination.
        LEASE_SECONDS: '300',
        ADMIN_API_KEY: this.adminKey,
        ZULIP_SITE: this.zulip.site,
        ZULIP_EMAIL: 'bot@example.com',
        ZULIP_API_KEY: 'key-of-the-bot',
        ZULIP_CHANNEL: 'support',
        ...this.environment,
      }),
      databaseUrl: this.database.url,
      encryptionKey: this.encryptionKey,
      clock: this.clock,
    });
    const source = this.gateway.firstStart.newSources.find(({ provider }) => provider === GROOVE);
    if (source) this.hookPath = new URL(source.hook_url).pathname;
  }
}

/** @returns what is quoted in a message, one entry for each delivery that it carries */
export function wordsOf(content: string): string[] {
  return [...content.matchAll(/^> (.*)$/gm)].map(([, text]) => text ?? '');
}
