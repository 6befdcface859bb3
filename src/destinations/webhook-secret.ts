import { randomBytes } from 'node:crypto';
import { ValidateBy } from 'class-validator';
import { Problem } from '../http/problem.js';
import { formerSecrets, signingSecrets } from '../notifiers/webhook/signing-secrets.js';
import type { DestinationSecrets } from './destination-secrets.js';

/**
 * As Standard Webhooks writes symmetric secrets: base64 of 24 to 64 random bytes behind a prefix.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
const OUR_BYTES = 32;
/** For so long a secret that was replaced signs as well. */
const ROTATION_MS = 24 * 3_600_000;
/** Former secrets that sign at the same time: each makes the header of every webhook longer. */
const MOST_FORMER = 10;

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

/**
 * @param present what is sealed now
 * @returns secrets of which the new one signs from now on, and each former one until a day after it was replaced; `present`
 *   where it is the same
 * @throws Problem 409 `too_many_secrets` where one would have to end before its day is over
 */
export function rotatedSecrets(present: DestinationSecrets, secret: string, now: Date): DestinationSecrets {
  const { signing_secret: replaced } = present;
  if (replaced === secret) return present;
  const still = formerSecrets(present, now).filter((one) => one.secret !== secret);
  const until = new Date(now.getTime() + ROTATION_MS);
  const former = replaced === undefined ? still : [{ secret: replaced, until }, ...still];
  if (former.length > MOST_FORMER) throw tooManySecrets(former.at(-1)?.until ?? until);
  return { ...signingSecrets(secret, former) };
}

function tooManySecrets(until: Date): Problem {
  const detail = `${MOST_FORMER} former secrets still sign; the first of them ends at ${until.toISOString()}.`;
  return new Problem(409, 'too_many_secrets', detail);
}

function isWebhookSecret(value: string): boolean {
  const encoded = value.startsWith(PREFIX) ? value.slice(PREFIX.length) : '';
  if (!BASE64.test(encoded)) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= FEWEST_BYTES && length <= MOST_BYTES;
}
