import { type HeardRequest, type JsonAnswer, JsonServer } from './json-server.js';

type Row = Record<string, unknown>;

/** Groove's REST API v1, as far as we call it: people, tickets, webhooks. https://www.groovehq.com/docs */
export class FakeGroove extends JsonServer {
  readonly agents = new Map<string, Row>();
  readonly customers = new Map<string, Row>();
  readonly tickets = new Map<string, Row>();
  /** What is registered; the newest last. */
  readonly webhooks: { id: string; event: string; url: string }[] = [];
  private nextId = 1;

  private constructor(
    readonly token: string,
    private readonly tellsIds: boolean,
  ) {
    super();
  }

  /** @param tellsIds whether the answer to a registration names the webhook's id, which Groove's page does not show */
  static start({ token = 'groove-api-token', tellsIds = false } = {}): Promise<FakeGroove> {
    return new FakeGroove(token, tellsIds).listen();
  }

  protected answer({ method, path, headers, body }: HeardRequest): JsonAnswer {
    if (headers.authorization !== `Bearer ${this.token}`) return { status: 401, body: { error: 'unauthorized' } };
    const [, version, collection, key = ''] = path.split('/').map(decodeURIComponent);
    if (version !== 'v1') return NOT_FOUND;
    if (collection === 'webhooks') return method === 'DELETE' ? this.remove(key) : this.register(body as Row);
    if (method !== 'GET') return { status: 405 };
    if (collection === 'agents') return found('agent', this.agents.get(key));
    if (collection === 'customers') return found('customer', this.customers.get(key));
    return collection === 'tickets' ? found('ticket', this.tickets.get(key)) : NOT_FOUND;
  }

  private register({ event, url }: Row): JsonAnswer {
    const webhook = { id: String(this.nextId++), event: String(event), url: String(url) };
    this.webhooks.push(webhook);
    const { id, ...shown } = webhook;
    return { status: 201, body: { webhook: { ...(this.tellsIds && { id }), ...shown, state: 'active' } } };
  }

  private remove(id: string): JsonAnswer {
    const index = this.webhooks.findIndex((webhook) => webhook.id === id);
    if (index === -1) return NOT_FOUND;
    this.webhooks.splice(index, 1);
    return { status: 204 };
  }
}

const NOT_FOUND: JsonAnswer = { status: 404, body: { error: 'not found' } };

function found(name: string, row: Row | undefined): JsonAnswer {
  return row ? { status: 200, body: { [name]: row } } : NOT_FOUND;
}
