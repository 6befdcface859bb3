import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** Global unicast, RFC 4291 and the registry https://www.iana.org/assignments/ipv6-address-space */
const IPV6_GLOBAL: Range = [ipaddr.parse('2000::'), 3];
/** The well-known prefix alone: what stands behind a network's own (RFC 8215) is that network's. */
const NAT64: Range = [ipaddr.parse('64:ff9b::'), 96];
const IPV4_COMPATIBLE = /^::\d+\./;
const IPV4_IN_6TO4 = [2, 6] as const;
const IPV4_AT_THE_END = [12, 16] as const;

/**
 * Decides which addresses outgoing calls may reach: whoever may name an address in the API must not be able to reach
 * what stands beside the gateway (server-side request forgery). Judged are resolved addresses, at connect time.
 */
export class AddressGuard {
  private readonly allowed: readonly Range[];

  /** @param allowed addresses and CIDRs that may be reached although they are private */
  constructor(allowed: readonly string[]) {
    this.allowed = allowed.map(parseRange);
  }

  /** @param text an IPv4 or IPv6 address, without brackets */
  isAllowed(text: string): boolean {
    // `ipaddr` reads `1.2.3` as well, and takes the IPv4-compatible addresses of RFC 4291 for mapped ones.
    if (isIP(text) === 0 || IPV4_COMPATIBLE.test(text)) return false;
    // A zone (`fe80::1%eth0`) is for link-local addresses only.
    if (text.includes('%')) return false;
    const written = ipaddr.parse(text);
    const address = unwrap(written);
    return isGlobalUnicast(address) || this.allowed.some((range) => isIn(address, range) || isIn(written, range));
  }
}

function parseRange(text: string): Range {
  return text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), text.includes(':') ? 128 : 32];
}

/** @returns the IPv4 address that an IPv6 address leads to, where it does */
function unwrap(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (isIn(address, NAT64)) return embedded(address, IPV4_AT_THE_END);
  if (address.range() === '6to4') return embedded(address, IPV4_IN_6TO4);
  return address;
}

function embedded(address: ipaddr.IPv6, [begin, end]: readonly [number, number]): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(begin, end));
}

function isGlobalUnicast(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || (isIn(address, IPV6_GLOBAL) && !isIsatap(address));
}

function isIn(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** RFC 5214, 6.1: the last 32 bits are an IPv4 address within somebody's site. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , site = 0, mark] = address.parts;
  return (site === 0 || site === 0x200) && mark === 0x5efe;
}
