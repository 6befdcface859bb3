import { type HeardRequest, type JsonAnswer, JsonServer } from './json-server.js';

/** Faveo's API, as far as it names what webhooks give ids of: the lists that its apps fill their menus from. */
export class FakeFaveo extends JsonServer {
  readonly lists = {
    departments: [
      { name: 'Support', id: 1 },
      { name: 'Returns', id: 7 },
    ],
    staffs: [
      { email: 'agent@example.com', id: 3 },
      { email: 'ruth@example.com', id: 4, first_name: 'Ruth', last_name: 'Gray' },
    ],
    teams: [{ name: 'Level 2', id: 1 }],
    priorities: [
      { priority: 'Low', priority_id: 1 },
      { priority: 'Whenever', priority_id: 9 },
    ],
    status: [
      { name: 'Open', id: 1 },
      { name: 'Waiting for parts', id: 9 },
    ],
  };

  private constructor(readonly token: string) {
    super();
  }

  static start({ token = 'faveo-api-token' } = {}): Promise<FakeFaveo> {
    return new FakeFaveo(token).listen();
  }

  protected answer({ method, path, headers }: HeardRequest): JsonAnswer {
    if (method !== 'GET' || path !== '/api/v1/helpdesk/dependency') return { status: 404 };
    // Its errors are successes, as far as the status tells.
    if (headers.authorization !== `Bearer ${this.token}`) return { status: 200, body: { error: 'token_invalid' } };
    return { status: 200, body: { result: this.lists } };
  }
}
