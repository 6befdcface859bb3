import { FakeClock } from './fake-clock.js';
import { type ScriptedAnswer, ScriptedZulip } from './scripted-zulip.js';
import { TestGateway } from './test-gateway.js';
import { waitUntil } from './wait-until.js';

type Row = Record<string, unknown>;

export interface DeskOptions {
  environment?: Record<string, string>;
  /** Settings of the destination, beside the bot and its channel. */
  settings?: Row;
  /** How its messages look. */
  appearance?: { topic?: string; message?: string };
}

/** What is in doubt waits so long after its beginning: the time limit of a request and a margin for a slow server. */
export const LANDS_WITHIN_MS = 12_800;

/** Zulip's own answers that are not a success. */
export const ZULIP_ERRORS = {
  broken: { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } },
  unauthorized: { status: 401, body: { result: 'error', code: 'UNAUTHORIZED', msg: 'no' } },
} as const satisfies Record<string, ScriptedAnswer>;

/** A gateway that delivers replies to a scripted Zulip by a clock that the test sets, and what tests ask of its log. */
export class DeliveryDesk {
  private replies = 0;

  private constructor(
    readonly clock: FakeClock,
    readonly zulip: ScriptedZulip,
    readonly gateway: TestGateway,
  ) {}

  static async start({ environment, settings, appearance }: DeskOptions = {}): Promise<DeliveryDesk> {
    const clock = new FakeClock();
    const zulip = await ScriptedZulip.start();
    const gateway = await TestGateway.start({ SANDBOX: 'false', ...environment }, clock);
    const desk = new DeliveryDesk(clock, zulip, gateway);
    const destination = await gateway.api('POST', '/destinations', {
      name: 'Scripted',
      kind: 'zulip',
      settings: { site: zulip.site, email: 'bot@example.com', channel: 'support', ...settings },
      secrets: { api_key: 'bot-key' },
    });
    await gateway.api('POST', '/routes', {
      name: 'All',
      destination_id: destination.body['id'],
      matchers: [],
      settings: appearance ?? {},
    });
    return desk;
  }

  /** A customer's reply arrives; equal ones are different replies all the same. */
  async reply(ticket: number, text: string): Promise<void> {
    this.replies += 1;
    await this.gateway.groove('customer_replied', {
      id: `reply-${this.replies}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });
  }

  /** In order of acceptance. */
  async deliveries(): Promise<Row[]> {
    return (await this.gateway.api('GET', '/deliveries')).body.data.reverse();
  }

  async attemptsOf(delivery: Row | undefined): Promise<Row[]> {
    const { body } = await this.gateway.api('GET', `/deliveries/${String(delivery?.['id'])}?include=attempts`);
    return body['attempts'] as Row[];
  }

  /** Waits until the deliveries are in these states, in order of acceptance. */
  inStates(...states: string[]): Promise<Row[]> {
    return waitUntil(async () => {
      const all = await this.deliveries();
      return JSON.stringify(all.map((delivery) => delivery['state'])) === JSON.stringify(states) && all;
    });
  }

  /** Waits until so many deliveries have failed for a reason; @returns them */
  withReason(reason: string, count = 1): Promise<Row[]> {
    return waitUntil(async () => {
      const failed = (await this.deliveries()).filter((delivery) => delivery['reason'] === reason);
      return failed.length === count && failed;
    });
  }

  /** Waits until so many deliveries are in doubt: tried, not settled, nothing in the air. */
  inDoubt(count: number): Promise<Row[]> {
    return waitUntil(async () => {
      const all = await this.deliveries();
      const doubtful = all.filter((delivery) => delivery['state'] === 'pending' && delivery['attempts'] === 1);
      return doubtful.length === count && all;
    });
  }

  /** Time goes on until nothing in doubt can land any more. */
  untilNothingLands(): void {
    this.clock.advance(LANDS_WITHIN_MS + 1);
  }

  /** Time goes on until everything has been delivered. */
  async passTimeUntilDelivered(): Promise<void> {
    await waitUntil(async () => {
      const all = await this.deliveries();
      // What is in the air lands in real time: on a busy machine a fast clock would leave it behind.
      this.clock.advance(all.some((delivery) => delivery['state'] === 'sending') ? 50 : 500);
      return all.every((delivery) => delivery['state'] === 'delivered');
    });
  }

  /** Time goes on until so many deliveries have ended. */
  async passTimeUntilSettled(count: number): Promise<void> {
    await waitUntil(async () => {
      const all = await this.deliveries();
      this.clock.advance(all.some((delivery) => delivery['state'] === 'sending') ? 50 : 500);
      return all.length === count && all.every(({ state }) => state !== 'pending' && state !== 'sending');
    });
  }

  /** How often the bot's own messages of the channel were asked for. */
  get lookUps(): number {
    return this.zulip.readings.filter((query) => query.has('narrow')).length;
  }

  /** The text of each message that was taken. */
  get texts(): string[] {
    return this.zulip.taken.map(({ content }) => content.split('> ')[1] ?? content);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.zulip.stop();
  }
}
