import { BlockList, isIP } from 'node:net';

const IPV4_MAPPED = new BlockList();
IPV4_MAPPED.addSubnet('0.0.0.0', 0, 'ipv4');
/** RFC 4291, 2.5.5.2: an IPv4-mapped range ends within the last 32 bits. */
const MAPPED_PREFIX = 96;

/**
 * Addresses and CIDRs, compiled once. An IPv4-mapped address (`::ffff:192.0.2.1`) is the IPv4 address that it holds, on
 * both sides; `::/0` is all of IPv6 and nothing of IPv4. Host bits in a CIDR are not looked at.
 */
export class AddressRanges {
  private readonly ipv4 = new BlockList();
  private readonly ipv6 = new BlockList();

  /** @param ranges each of them valid: see `isAddressRange` */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.add(range);
  }

  /** @returns false also for what is no address: a proxy may have passed on anything */
  includes(address: string): boolean {
    // A zone (`fe80::1%eth0`) says by which of our interfaces the caller is reached.
    const [plain = ''] = address.split('%');
    const version = isIP(plain);
    if (version === 4) return this.ipv4.check(plain, 'ipv4');
    if (version !== 6) return false;
    return isMapped(plain) ? this.ipv4.check(plain, 'ipv6') : this.ipv6.check(plain, 'ipv6');
  }

  private add(range: string): void {
    const [network = '', prefix] = range.split('/');
    if (isIP(network) === 4) {
      this.ipv4.addSubnet(network, Number(prefix ?? 32), 'ipv4');
      return;
    }
    const bits = Number(prefix ?? 128);
    const list = isMapped(network) && bits >= MAPPED_PREFIX ? this.ipv4 : this.ipv6;
    list.addSubnet(network, bits, 'ipv6');
  }
}

function isMapped(address: string): boolean {
  return IPV4_MAPPED.check(address, 'ipv6');
}
