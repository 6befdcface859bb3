import { OutboundPolicy } from '../outbound-policy.js';

/** Lets tests call servers of their own. */
export const LOOPBACK = '127.0.0.0/8,::1/128';

/** @returns a policy that opens this machine alone */
export function loopbackPolicy(): OutboundPolicy {
  return new OutboundPolicy(LOOPBACK.split(','));
}
