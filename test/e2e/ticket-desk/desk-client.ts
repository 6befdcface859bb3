import { type Answer, call, TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

export interface DeskRequest {
  /** The admin's unless given; null: none. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** A client of the ticket desk, as its guide describes it, at a real gateway. */
export class DeskClient {
  private keys = 0;

  private constructor(readonly gateway: TestGateway) {}

  /** @param environment beside that of any test gateway; callbacks may go to this machine */
  static async start(environment: Record<string, string> = {}): Promise<DeskClient> {
    return new DeskClient(await TestGateway.start({ OUTBOUND_ALLOW: '127.0.0.0/8', ...environment }));
  }

  /** @param body a text is sent as it is */
  request(method: string, path: string, body?: unknown, { key, headers }: DeskRequest = {}): Promise<Answer> {
    const token = key === undefined ? this.gateway.adminKey : key;
    return call(this.gateway.url + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** Opens a ticket; @returns its id */
  async open(message: string, options?: DeskRequest): Promise<string> {
    const answer = await this.request('POST', '/tickets', { ticket_message: message }, options);
    if (answer.status !== 201) throw new Error(answer.text);
    return String(dataOf(answer)['id']);
  }

  async register(body: object): Promise<Row> {
    const answer = await this.request('POST', '/webhooks/register', body);
    if (answer.status >= 300) throw new Error(answer.text);
    return dataOf(answer);
  }

  async makeSource(provider: string, settings: object = {}): Promise<string> {
    const { body } = await this.gateway.api('POST', '/sources', {
      name: `${provider} ${++this.keys}`,
      provider,
      settings,
    });
    return String(body['id']);
  }

  async makeKey(role: string, sourceId?: string): Promise<string> {
    const { body } = await this.gateway.api('POST', '/api-keys', {
      name: `${role} ${++this.keys}`,
      role,
      ...(sourceId !== undefined && { source_id: sourceId }),
    });
    return String(body['key']);
  }

  /** Events of the log, oldest first. */
  async events(query = ''): Promise<Row[]> {
    return (await this.gateway.api('GET', `/events?limit=500${query}`)).body.data.reverse();
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }
}

/** @returns what an answer of the desk holds */
export function dataOf(answer: Answer): Row {
  return answer.body.data as unknown as Row;
}
