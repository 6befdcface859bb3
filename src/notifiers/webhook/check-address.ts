import type { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { describeFault } from '../describe-fault.js';
import type { ConnectionCheck } from '../notifier.js';
import { UNUSABLE_ENDPOINT } from './webhook-endpoint.js';

/** Nothing of the answer is of interest, only that there is one. */
const LARGEST_ANSWER = 1_024;

/**
 * Looks whether a web server answers where a webhook's address leads. Asked for is the server's front page: what stands at
 * the address itself may take any request for an event.
 *
 * @param origin `scheme://host:port`; '' where there is no http(s) address
 */
export async function checkAddress(origin: string, http: OutgoingHttp, timeLimitMs: number): Promise<ConnectionCheck> {
  const name = 'address';
  if (origin === '') return { name, ok: false, detail: UNUSABLE_ENDPOINT };
  const request = { method: 'GET', largestAnswer: LARGEST_ANSWER, timeLimitMs, statusIsEnough: true } as const;
  try {
    await http.request({ ...request, url: `${origin}/` });
    return { name, ok: true, detail: `A web server answers at ${origin}. Whether it takes webhooks, a test shows.` };
  } catch (error) {
    return { name, ok: false, detail: `No web server can be reached at ${origin}: ${describeFault(error)}` };
  }
}
