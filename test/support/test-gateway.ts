import { randomBytes } from 'node:crypto';
import type { Clock } from '../../src/clock/clock.js';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { DestinationDirectory } from '../../src/destinations/destination-directory.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { SANDBOX_BOT } from '../../src/start-up/sandbox-switch.js';
import { type RunningGateway, startGateway } from '../../src/start-gateway.js';
import { createTestDatabase } from './template-database.js';
import { waitUntil } from './wait-until.js';

/** An answer of the API, parsed. */
export interface Answer {
  status: number;
  headers: Headers;
  // What an endpoint answers is what the tests are about: they state it, the compiler cannot.
  body: Record<string, unknown> & { data: Record<string, unknown>[] };
  text: string;
}

/** A message as the sandbox shows it. */
export interface SandboxMessage {
  id: number;
  display_recipient: string;
  subject: string;
  content: string;
  flags: string[];
}

/** A real gateway on a database of its own, spoken to over real HTTP. */
export class TestGateway {
  private constructor(
    private readonly gateway: RunningGateway,
    readonly databaseUrl: string,
    readonly adminKey: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /**
   * @param environment beside the sandbox and a free port
   * @param reach how the gateway reaches its database; straight unless given
   */
  static async start(
    environment: Record<string, string> = {},
    clock?: Clock,
    reach = (url: string): Promise<string> => Promise.resolve(url),
  ): Promise<TestGateway> {
    const database = await createTestDatabase();
    const adminKey = `dw_${randomBytes(24).toString('hex')}`;
    const encryptionKey = randomBytes(24).toString('hex');
    const validated = validateEnvironment({
      PORT: '0',
      SANDBOX: 'true',
      SANDBOX_RATE_LIMIT: '100000',
      OUTBOUND_ALLOW: LOOPBACK,
      LOG_LEVEL: 'silent',
      ADMIN_API_KEY: adminKey,
      ...environment,
    });
    const gateway = await startGateway({
      environment: validated,
      databaseUrl: await reach(database.url),
      encryptionKey,
      ...(clock && { clock }),
    });
    return new TestGateway(gateway, database.url, adminKey, () => database.drop());
  }

  get url(): string {
    return this.gateway.url;
  }

  get app(): RunningGateway['app'] {
    return this.gateway.app;
  }

  /** The address that the first start gave a provider's source. */
  hookUrl(provider: string): string {
    const source = this.gateway.firstStart.newSources.find((made) => made.provider === provider);
    if (!source) throw new Error(`The first start made no source of ${provider}.`);
    return source.hook_url;
  }

  /** Calls the admin API with the admin's key, or with another or none. @param headers beside the usual ones */
  async api(
    method: string,
    path: string,
    body?: unknown,
    key: string | null = this.adminKey,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return call(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...headers,
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** Posts a webhook as Groove does. */
  groove(event: string, body: unknown, hookUrl = this.hookUrl('groove')): Promise<Answer> {
    return call(hookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': event },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** What the sandbox took, oldest first. */
  async sandboxMessages(): Promise<SandboxMessage[]> {
    const bot = this.app.get(DestinationDirectory, { strict: false }).findByBot(SANDBOX_BOT);
    const basic = Buffer.from(`${SANDBOX_BOT}:${bot?.secrets['api_key'] ?? ''}`).toString('base64');
    const query = new URLSearchParams({
      anchor: 'oldest',
      num_before: '0',
      num_after: '1000',
      apply_markdown: 'false',
    });
    const answer = await call(`${this.url}/sandbox/zulip/api/v1/messages?${query.toString()}`, {
      headers: { authorization: `Basic ${basic}` },
    });
    const { messages } = answer.body as unknown as { messages: SandboxMessage[] };
    return messages;
  }

  /** Deliveries, oldest first, once none of them waits to be sent. */
  settledDeliveries(query = ''): Promise<Answer['body']['data']> {
    return waitUntil(async () => {
      const { body } = await this.api('GET', `/deliveries?limit=500${query}`);
      const open = body.data.some((delivery) => delivery['state'] === 'pending' || delivery['state'] === 'sending');
      return !open && body.data.reverse();
    });
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.dropDatabase();
  }
}

/** One HTTP request; the body is parsed where it is JSON. */
export async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const body = (isJson && text !== '' ? JSON.parse(text) : {}) as Answer['body'];
  return { status: response.status, headers: response.headers, body, text };
}
