import { type HeardRequest, type JsonAnswer, JsonServer } from './json-server.js';

/** A ticket service, as far as hooks are registered with it: `/webhooks/register`, `/webhooks/unregister/{id}`. */
export class FakeTicketService extends JsonServer {
  /** Callback URLs by id. */
  readonly webhooks = new Map<string, string>();
  private nextId = 1;

  static start(): Promise<FakeTicketService> {
    return new FakeTicketService().listen();
  }

  protected answer({ method, path, body }: HeardRequest): JsonAnswer {
    if (method === 'POST' && path === '/webhooks/register') {
      const id = `webhook_${this.nextId++}`;
      this.webhooks.set(id, (body as { callback_url: string }).callback_url);
      return { status: 200, body: { data: { id } } };
    }
    const [, id] = /^\/webhooks\/unregister\/([^/]+)$/.exec(path) ?? [];
    if (method !== 'DELETE' || id === undefined) return { status: 404 };
    return { status: this.webhooks.delete(decodeURIComponent(id)) ? 200 : 404, body: { data: {} } };
  }
}
