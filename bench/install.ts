import type { Road } from './ticket-events.js';

export const BOT = { email: 'bench-bot@example.com', apiKey: 'not-a-secret-of-anyone' };
export const CHANNEL = 'bench';

/**
 * Makes a source, a destination and a route through the admin API of a gateway.
 *
 * @param name of all three
 * @param topic of the route: a template, where its messages are not to go to topics of their tickets
 */
export async function install(
  gateway: { url: string; adminKey: string },
  site: string,
  name: string,
  topic?: string,
): Promise<Road> {
  const create = async (what: string, body: object): Promise<string> => {
    const response = await fetch(`${gateway.url}/api/v1/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${what}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  };
  const sourceId = await create('sources', { name, provider: 'groove' });
  const destinationId = await create('destinations', {
    name,
    kind: 'zulip',
    settings: { site, email: BOT.email, channel: CHANNEL },
    secrets: { api_key: BOT.apiKey },
  });
  const routeId = await create('routes', {
    name,
    matchers: [{ field: 'source.name', op: 'eq', value: name }],
    destination_id: destinationId,
    settings: topic === undefined ? {} : { topic },
  });
  return { sourceId, routeId, destinationId };
}
