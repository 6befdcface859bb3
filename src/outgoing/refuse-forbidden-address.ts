import { Problem } from '../http/problem.js';
import { ForbiddenAddressError, type OutboundPolicy } from './outbound-policy.js';

/**
 * Refuses an address that calls must not go to, before it is saved; when they are made it is judged again.
 *
 * @throws Problem 400 `forbidden_address`
 */
export async function refuseForbiddenAddress(policy: OutboundPolicy, url: string): Promise<void> {
  try {
    await policy.check(url);
  } catch (error) {
    if (!(error instanceof ForbiddenAddressError)) throw error;
    throw new Problem(400, 'forbidden_address', error.message, { cause: error });
  }
}
