import type { GatewayProcess } from './gateway-process.js';
import type { Receiver } from './receivers.js';
import type { Road } from './ticket-events.js';

type Gateway = Pick<GatewayProcess, 'url' | 'adminKey'>;

/** A road, and where its webhooks are posted. */
export interface InstalledRoad extends Road {
  hookUrl: string;
}

/**
 * Makes a source, a destination and a route through the admin API of a gateway.
 *
 * @param name of all three
 * @param topic of the route: a template, where its messages are not to go to topics of their tickets
 */
export async function install(
  gateway: Gateway,
  receiver: Receiver,
  name: string,
  topic?: string,
  provider: 'groove' | 'faveo' = 'groove',
): Promise<InstalledRoad> {
  const source = await create(gateway, 'sources', { name, provider });
  const destination = await create(gateway, 'destinations', { name, ...receiver });
  const route = await create(gateway, 'routes', {
    name,
    matchers: [{ field: 'source.name', op: 'eq', value: name }],
    destination_id: destination.id,
    settings: topic === undefined ? {} : { topic },
  });
  return { sourceId: source.id, hookUrl: source.hook_url, routeId: route.id, destinationId: destination.id };
}

/** @param what a collection of the admin API */
export async function create(
  gateway: Gateway,
  what: 'sources' | 'destinations' | 'routes',
  body: object,
): Promise<{ id: string; hook_url: string }> {
  const response = await fetch(`${gateway.url}/api/v1/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${what}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string; hook_url: string };
}
