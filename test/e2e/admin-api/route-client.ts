import { Client, type QueryResultRow } from 'pg';
import type { Clock } from '../../../src/clock/clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';

export type Row = Record<string, unknown>;

/** Speaks to a gateway of its own about its routes, and looks at what they do. */
export class RouteClient {
  private tickets = 0;

  private constructor(
    readonly gateway: TestGateway,
    readonly destinationId: string,
  ) {}

  static async start(clock?: Clock): Promise<RouteClient> {
    const gateway = await TestGateway.start({}, clock);
    const { body } = await gateway.api('GET', '/destinations');
    return new RouteClient(gateway, String(body.data.at(-1)?.['id']));
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }

  create(fields: object, headers: Record<string, string> = {}): Promise<Answer> {
    const body = { matchers: [], destination_id: this.destinationId, ...fields };
    return this.gateway.api('POST', '/routes', body, this.gateway.adminKey, headers);
  }

  /** @returns a route that must have been made */
  async make(fields: object): Promise<Row> {
    const { status, body, text } = await this.create(fields);
    if (status !== 201) throw new Error(text);
    return body;
  }

  patch(route: Row, body: object, ifMatch?: string): Promise<Answer> {
    return this.send('PATCH', `/routes/${String(route['id'])}`, body, ifMatch);
  }

  remove(route: Row, ifMatch?: string): Promise<Answer> {
    return this.send('DELETE', `/routes/${String(route['id'])}`, undefined, ifMatch);
  }

  reorder(ids: unknown, ifMatch?: string): Promise<Answer> {
    return this.send('POST', '/routes/reorder', { ids }, ifMatch);
  }

  send(method: string, path: string, body: unknown, ifMatch?: string): Promise<Answer> {
    const headers: Record<string, string> = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    return this.gateway.api(method, path, body, this.gateway.adminKey, headers);
  }

  async get(route: Row): Promise<Row> {
    return (await this.gateway.api('GET', `/routes/${String(route['id'])}`)).body;
  }

  /** All routes in the order of their positions. */
  async all(): Promise<Row[]> {
    const { body } = await this.gateway.api('GET', '/routes?limit=500');
    return body.data.sort((a, b) => Number(a['position']) - Number(b['position']));
  }

  /** `1 First, 2 Second`. */
  async order(): Promise<string> {
    return (await this.all()).map((route) => `${String(route['position'])} ${String(route['name'])}`).join(', ');
  }

  /** Newest first. */
  async changesOf(route: Row): Promise<Row[]> {
    return (await this.gateway.api('GET', `/changes?subject_id=${String(route['id'])}`)).body.data;
  }

  /** The ids of all revisions, newest first. */
  async revisions(): Promise<number[]> {
    const { body } = await this.gateway.api('GET', '/routes/revisions?limit=500');
    return body.data.map((revision) => Number(revision['id']));
  }

  /** Posts a webhook with a new ticket. @returns the event's id */
  async event(ticket: object = {}): Promise<string> {
    const body = { number: (this.tickets += 1), title: 'A ticket', ...ticket };
    const { body: answer } = await this.gateway.groove('ticket_started', body);
    return String((answer['event_ids'] as string[])[0]);
  }

  /** Names of the routes that a new event goes by, in their order. */
  async judges(ticket: object = {}): Promise<string[]> {
    const id = await this.event(ticket);
    const { body } = await this.gateway.api('GET', `/events/${id}?include=deliveries`);
    const names = new Map((await this.all()).map((route) => [route['id'], String(route['name'])]));
    return (body['deliveries'] as Row[]).map((delivery) => names.get(delivery['route_id']) ?? 'a deleted one');
  }

  /** Does to the database what no request can. */
  async sql<Result extends QueryResultRow>(text: string, values: unknown[]): Promise<Result[]> {
    const client = new Client({ connectionString: this.gateway.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Result>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}
