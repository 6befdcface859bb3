import { AddressGuard } from './address-guard.js';

const FORBIDDEN: [string, string[]][] = [
  ['this network', ['0.0.0.0', '0.1.2.3', '::']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['private', ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255']],
  ['link-local, cloud metadata among it', ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1', 'fe80::1%eth0']],
  ['carrier-grade NAT', ['100.64.0.1', '100.127.255.255']],
  ['unique local', ['fc00::1', 'fd00:ec2::254', 'fdff::1']],
  ['site-local, as it was', ['fec0::1']],
  ['protocol assignments', ['192.0.0.1', '192.0.0.170', '2001::1', '2001:1::1']],
  ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  ['benchmarks', ['198.18.0.1', '198.19.255.255', '2001:2::1']],
  ['relays that are no more', ['192.88.99.1', '2001:0:808:808::1']],
  ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1']],
  ['reserved and broadcast', ['240.0.0.1', '255.255.255.255', '4000::1', 'e000::1', '100::1', '5f00::1']],
  ['IPv4 mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254']],
  ['IPv4 translated or compatible', ['::ffff:0:127.0.0.1', '::127.0.0.1', '::8.8.8.8', '::ffff:0:8.8.8.8']],
  ['NAT64', ['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::8.8.8.8']],
  ['6to4', ['2002:7f00:1::', '2002:a00:1::1', '2002:a9fe:a9fe::', '2002:c0a8:1::1']],
  ['ISATAP', ['2606:4700::5efe:7f00:1', '2606:4700::200:5efe:10.0.0.1']],
  ['nothing that is an address', ['', 'localhost', '1.2.3', '127.1', '0x7f000001', '2130706433', '[::1]', '1.2.3.4.5']],
];
const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '2606:2800:220:1::1',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2002:808:808::1',
];

describe('the address guard', () => {
  const guard = new AddressGuard([]);

  it.each(FORBIDDEN.flatMap(([kind, addresses]) => addresses.map((address) => [address, kind])))(
    'forbids %s (%s)',
    (address) => {
      expect(guard.isAllowed(address)).toBe(false);
    },
  );

  it.each(PUBLIC)('allows %s', (address) => {
    expect(guard.isAllowed(address)).toBe(true);
  });

  it('opens what it is told, however it is written, and nothing beside it', () => {
    const opened = new AddressGuard(['127.0.0.1/32', '10.1.0.0/16', '::1', 'fd00::/8']);
    const allowed = ['127.0.0.1', '::ffff:127.0.0.1', '64:ff9b::127.0.0.1', '10.1.2.3', '::1', 'fd12::1', '8.8.8.8'];
    expect(allowed.filter((address) => !opened.isAllowed(address))).toEqual([]);
    const forbidden = ['127.0.0.2', '10.2.0.1', '169.254.169.254', 'fc00::1', '::2'];
    expect(forbidden.filter((address) => opened.isAllowed(address))).toEqual([]);
  });
});
