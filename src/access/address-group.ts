import ipaddr, { type IPv6 } from 'ipaddr.js';

/** RFC 4291, 2.5.4; RFC 6177: what one customer is given is a /64 at least, of which every address is theirs. */
const IPV6_GROUPS = 4;
/** All together: a proxy may hand on anything in place of an address, and each fancy must not be a new caller. */
const UNREADABLE = 'unreadable';

/**
 * @returns whom an address belongs to, as far as it can be told: IPv4 addresses one by one, IPv6 by their /64, and IPv4
 * addresses that are written as IPv6 (`::ffff:192.0.2.1`) as what they are
 */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return UNREADABLE;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = (parsed as IPv6).parts.slice(0, IPV6_GROUPS).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
