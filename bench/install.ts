import type { Receiver } from './receivers.js';
import type { Road } from './ticket-events.js';

/**
 * Makes a source, a destination and a route through the admin API of a gateway.
 *
 * @param name of all three
 * @param topic of the route: a template, where its messages are not to go to topics of their tickets
 */
export async function install(
  gateway: { url: string; adminKey: string },
  receiver: Receiver,
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
  const destinationId = await create('destinations', { name, ...receiver });
  const routeId = await create('routes', {
    name,
    matchers: [{ field: 'source.name', op: 'eq', value: name }],
    destination_id: destinationId,
    settings: topic === undefined ? {} : { topic },
  });
  return { sourceId, routeId, destinationId };
}
