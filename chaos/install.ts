import { BOT } from './chaos-zulip.js';

/** A helpdesk of its own, with a destination of its own: a process may own one and not the other. */
interface Desk {
  name: string;
  /** Fewer than there are webhooks, so that messages wait and are joined. */
  maxRequestsPerMinute?: number;
  /** One topic for all of its tickets, so that messages of several tickets are joined. */
  topic?: string;
}

const DESKS: readonly Desk[] = [
  { name: 'fast' },
  { name: 'slow', maxRequestsPerMinute: 300 },
  { name: 'all in one', maxRequestsPerMinute: 30, topic: 'Everything' },
];

/** Short waits, so that a run is short, and more of them than a message can meet faults: none shall be dead. */
const RETRY_SCHEDULE_SECONDS = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 20 }, () => 3)];

/**
 * Makes sources, destinations and routes through the admin API of a gateway that has none.
 *
 * @returns the path of each source's hook
 */
export async function install(url: string, adminKey: string, site: string): Promise<string[]> {
  const create = async (what: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/api/v1/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${what}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const hookPaths: string[] = [];
  for (const { name, maxRequestsPerMinute, topic } of DESKS) {
    const source = await create('sources', { name, provider: 'groove' });
    const destination = await create('destinations', {
      name,
      kind: 'zulip',
      settings: {
        site,
        email: BOT.email,
        channel: name,
        retry_schedule_seconds: RETRY_SCHEDULE_SECONDS,
        ...(maxRequestsPerMinute && { max_requests_per_minute: maxRequestsPerMinute }),
      },
      secrets: { api_key: BOT.apiKey },
    });
    await create('routes', {
      name,
      matchers: [{ field: 'source.name', op: 'eq', value: name }],
      destination_id: destination['id'],
      settings: topic === undefined ? {} : { topic },
    });
    hookPaths.push(new URL(String(source['hook_url'])).pathname);
  }
  return hookPaths;
}
