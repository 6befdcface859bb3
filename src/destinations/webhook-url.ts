import { applyDecorators } from '@nestjs/common';
import { MaxLength, ValidateBy } from 'class-validator';
import { parseUrl } from '../ticket-event/parse-url.js';

const LONGEST_URL = 2_000;
/** WHATWG's parser passes over white space and turns backslashes: what is written so is not what it seems. */
const SEEMS_OTHERWISE = /[\s\p{Cc}\\]/u;
/** Scheme, host, no user before it, no fragment: also where the parser would mend or pass over an empty one. */
const WRITTEN_OUT = /^https?:\/\/[^/?#@]+(?:[/?][^#]*)?$/i;

/** An address that webhooks can be posted to, as people write it. */
export function IsWebhookUrl(): PropertyDecorator {
  return applyDecorators(
    ValidateBy({
      name: 'isWebhookUrl',
      validator: {
        validate: (value) => typeof value === 'string' && isWebhookUrl(value),
        defaultMessage: () => '$property must be an http or https address without user, password and fragment',
      },
    }),
    MaxLength(LONGEST_URL),
  );
}

/** @returns the one form of an address by which it is known again, however it was written */
export function normalWebhookUrl(url: string): string {
  return new URL(url).href;
}

function isWebhookUrl(value: string): boolean {
  if (SEEMS_OTHERWISE.test(value) || !WRITTEN_OUT.test(value)) return false;
  const url = parseUrl(value);
  return url !== undefined && url.hostname !== '';
}
