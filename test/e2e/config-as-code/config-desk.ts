import { type Answer, call, type TestGateway } from '../../support/test-gateway.js';

/** How tests work with the configuration document of a gateway. */
export class ConfigDesk {
  constructor(private readonly gateway: TestGateway) {}

  get(key = this.gateway.adminKey): Promise<Answer> {
    return call(`${this.gateway.url}/api/v1/config`, { headers: { authorization: `Bearer ${key}` } });
  }

  put(yaml: string, headers: Record<string, string> = {}, query = ''): Promise<Answer> {
    return call(`${this.gateway.url}/api/v1/config${query}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.gateway.adminKey}`, 'content-type': 'application/yaml', ...headers },
      body: yaml,
    });
  }

  tryOut(yaml: string): Promise<Answer> {
    return this.put(yaml, {}, '?dry_run=true');
  }

  /** Everything that a change would leave a trace in. */
  async state(): Promise<unknown> {
    const paths = ['/sources', '/destinations', '/routes', '/changes', '/routes/revisions'];
    const lists = await Promise.all(paths.map((path) => this.gateway.api('GET', `${path}?limit=500`)));
    return lists.map(({ status, body }) => [status, body.data]);
  }
}

/** What makes no difference. */
export const NO_DIFFERENCE = { create: [], update: [], delete: [] };
