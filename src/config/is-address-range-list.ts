import { isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** @returns whether `text` is an IPv4 or IPv6 address, with or without a prefix length (`10.0.0.0/8`). */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** @returns the ranges of a comma-separated list, without blanks. */
export function splitAddressRanges(list: string): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** A comma-separated list of addresses and CIDRs. */
export function IsAddressRangeList(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isAddressRangeList',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && splitAddressRanges(value).every(isAddressRange),
        defaultMessage: () => 'must be a comma-separated list of addresses or CIDRs',
      },
    },
    options,
  );
}
