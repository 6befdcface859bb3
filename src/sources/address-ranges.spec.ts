import { AddressRanges } from './address-ranges.js';

describe('address ranges', () => {
  it.each<[string, string[], string[], string[]]>([
    ['an IPv4 address', ['192.0.2.7'], ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8', '2001:db8::7']],
    ['an IPv4 range', ['192.0.2.0/24'], ['192.0.2.0', '192.0.2.255', '::ffff:c000:2ff'], ['192.0.3.0', '192.0.1.255']],
    ['a range with host bits', ['192.0.2.77/24'], ['192.0.2.1'], ['192.0.3.77']],
    ['an IPv6 address', ['2001:db8::7'], ['2001:db8::7', '2001:DB8:0::0:7'], ['2001:db8::8']],
    ['an IPv6 range', ['2001:db8::1/32'], ['2001:db8:ffff::1'], ['2001:db9::1']],
    ['a mapped address', ['::ffff:192.0.2.7'], ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8', '::c000:207']],
    ['a mapped range', ['::ffff:192.0.2.0/120'], ['192.0.2.9', '::ffff:192.0.2.9'], ['192.0.3.9']],
    ['all of IPv4', ['0.0.0.0/0'], ['8.8.8.8', '::ffff:8.8.8.8'], ['2001:db8::1', '::8.8.8.8']],
    ['all of IPv6', ['::/0'], ['2001:db8::1', '::1'], ['8.8.8.8', '::ffff:8.8.8.8']],
    ['a link-local range', ['fe80::/10'], ['fe80::1%eth0', 'fe80::1'], ['fec0::1']],
    ['several', ['10.0.0.0/8', '::1', '192.0.2.1/32'], ['10.9.9.9', '::1', '192.0.2.1'], ['11.0.0.1', '::2']],
  ])('include of %s what is in it', (_story, ranges, inside, outside) => {
    const compiled = new AddressRanges(ranges);
    expect(inside.filter((address) => !compiled.includes(address))).toEqual([]);
    expect(outside.filter((address) => compiled.includes(address))).toEqual([]);
  });

  it.each([
    '',
    'unknown',
    'localhost',
    '192.0.2',
    '192.0.2.7:443',
    '[::1]',
    '192.0.2.7/24',
    '::ffff:192.0.2.7, 10.0.0.1',
  ])('do not include %p, which is no address', (text) => {
    expect(new AddressRanges(['0.0.0.0/0', '::/0']).includes(text)).toBe(false);
  });
});
