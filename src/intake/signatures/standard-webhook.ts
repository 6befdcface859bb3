import { createHmac } from 'node:crypto';
import { isSameSignature } from './constant-time.js';
import { malformedHeader, requireHeader, unfitHeader } from './require-header.js';
import { requireRecent } from './require-recent.js';
import type { SignatureCheck } from './signature-checks.js';

/** A full stop would let bytes move from the body into the id without changing what is signed. */
const MESSAGE_ID = /^[\x21-\x2d\x2f-\x7e]+$/;
const SECONDS = /^\d{1,12}$/;
/** `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`; two headers joined would leave a comma too many. */
const VERSIONED = /^[a-z\d]+,[^,]+$/i;
const SYMMETRIC = 'v1,';
const SECRET_PREFIX = /^whsec_/;
const BASE64 = /^[A-Za-z\d+/]+={0,2}$/;

/**
 * Standard Webhooks with symmetric keys:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * Not by the library of that name: it turns the body into text first, so that bodies with different invalid bytes have
 * one signature, reads the clock itself, and takes ten times as long for a large body. The tests hold us against it.
 */
export const checkStandardWebhook: SignatureCheck = ({ headers, rawBody }, { secrets, now }) => {
  const id = requireHeader(headers, 'webhook-id');
  if (!MESSAGE_ID.test(id)) throw malformedHeader('webhook-id');
  const timestamp = requireHeader(headers, 'webhook-timestamp');
  if (!SECONDS.test(timestamp)) throw malformedHeader('webhook-timestamp');
  const entries = requireHeader(headers, 'webhook-signature').split(' ').filter(Boolean);
  if (!entries.every((entry) => VERSIONED.test(entry))) throw malformedHeader('webhook-signature');
  requireRecent(new Date(Number(timestamp) * 1_000), now, 'webhook-timestamp');

  const sign = (key: Buffer): string =>
    SYMMETRIC + createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest('base64');
  const expected = secrets.flatMap(keysOf).map(sign);
  const fits = entries.some((entry) => expected.some((signature) => isSameSignature(entry, signature)));
  if (!fits) throw unfitHeader('webhook-signature');
};

/** A secret is the key in base64; some senders take the text of one as it is, prefix and all. */
function keysOf(secret: string): Buffer[] {
  const key = secret.replace(SECRET_PREFIX, '');
  if (key.trim() === '') return [];
  return [...(BASE64.test(key) ? [Buffer.from(key, 'base64')] : []), Buffer.from(secret)];
}
