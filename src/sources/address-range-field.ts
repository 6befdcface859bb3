import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateBy } from 'class-validator';
import { isAddressRange } from '../config/is-address-range-list.js';

/** Of one source. */
export const MOST_RANGES = 100;
/** What `isAddressRange` leaves off, and a zone, which means something on one machine only. */
const BLANK_OR_ZONE = /[\s%]/;

/** A list of IPv4 and IPv6 addresses and CIDRs. An empty one is refused: it could mean everybody or nobody. */
export function IsAddressRanges(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayNotEmpty(),
    ArrayMaxSize(MOST_RANGES),
    ValidateBy(
      {
        name: 'isAddressRanges',
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' && !BLANK_OR_ZONE.test(value) && isAddressRange(value),
          defaultMessage: (problem) =>
            `each of ${problem?.property ?? 'it'} must be an address or a CIDR such as 192.0.2.0/24`,
        },
      },
      { each: true },
    ),
  );
}
