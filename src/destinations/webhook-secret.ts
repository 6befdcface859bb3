import { randomBytes } from 'node:crypto';
import { ValidateBy } from 'class-validator';

/**
 * As Standard Webhooks writes symmetric secrets: base64 of 24 to 64 random bytes behind a prefix.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
const OUR_BYTES = 32;
/** For so long the secret before signs as well. */
const ROTATION_MS = 24 * 3_600_000;

/** What webhooks are signed with, as it is sealed: flat, since all secrets of destinations are texts. */
export type WebhookSecrets =
  { signing_secret: string } | { signing_secret: string; previous_signing_secret: string; previous_until: string };

/** A secret that a receiver has chosen. */
export function IsWebhookSecret(): PropertyDecorator {
  return ValidateBy({
    name: 'isWebhookSecret',
    validator: {
      validate: (value) => typeof value === 'string' && isWebhookSecret(value),
      defaultMessage: () => `$property must be ${PREFIX} and the base64 of ${FEWEST_BYTES} to ${MOST_BYTES} bytes`,
    },
  });
}

/** @returns a new secret, not guessable */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(OUR_BYTES).toString('base64')}`;
}

/** @returns secrets of which the new one signs from now on, and the one before for a day as well */
export function rotatedSecrets(present: Readonly<Record<string, string>>, secret: string, now: Date): WebhookSecrets {
  const previous = present['signing_secret'];
  if (previous === undefined) return { signing_secret: secret };
  if (previous === secret) return { signing_secret: secret, ...previousOf(present) };
  const until = new Date(now.getTime() + ROTATION_MS).toISOString();
  return { signing_secret: secret, previous_signing_secret: previous, previous_until: until };
}

function previousOf({
  previous_signing_secret: secret,
  previous_until: until,
}: Readonly<Record<string, string>>):
  { previous_signing_secret: string; previous_until: string } | Record<string, never> {
  return secret === undefined || until === undefined ? {} : { previous_signing_secret: secret, previous_until: until };
}

function isWebhookSecret(value: string): boolean {
  const encoded = value.startsWith(PREFIX) ? value.slice(PREFIX.length) : '';
  if (!BASE64.test(encoded)) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= FEWEST_BYTES && length <= MOST_BYTES;
}
