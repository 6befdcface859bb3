import { createHmac } from 'node:crypto';
import { SignatureError } from '../../../ticket-event/errors.js';
import type { SignatureSettings } from '../signature-checks.js';
import { verifySignature } from '../verify-signature.js';

/** A helpdesk as it signs, written from its documentation and not from the code under test. */
export interface Signer {
  name: string;
  settings: SignatureSettings;
  sign: (secret: string, body: Buffer, at: Date) => Record<string, string>;
  /** The headers that it needs, and what they are called in messages. */
  headerNames: Record<string, string>;
  /** Whether it says when it signed. */
  hasTime: boolean;
  /** Whether what it sends hangs on the body. */
  signsBody: boolean;
}

const hmac = (key: string | Buffer, content: Buffer): Buffer => createHmac('sha256', key).update(content).digest();

export const SIGNERS: Signer[] = [
  {
    name: 'zendesk',
    settings: { signature: 'zendesk' },
    sign: (secret, body, at) => ({
      'x-zendesk-webhook-signature': hmac(secret, Buffer.concat([Buffer.from(at.toISOString()), body])).toString(
        'base64',
      ),
      'x-zendesk-webhook-signature-timestamp': at.toISOString(),
    }),
    headerNames: {
      'x-zendesk-webhook-signature': 'X-Zendesk-Webhook-Signature',
      'x-zendesk-webhook-signature-timestamp': 'X-Zendesk-Webhook-Signature-Timestamp',
    },
    hasTime: true,
    signsBody: true,
  },
  {
    name: 'jira',
    settings: { signature: 'jira' },
    sign: (secret, body) => ({ 'x-hub-signature': `sha256=${hmac(secret, body).toString('hex')}` }),
    headerNames: { 'x-hub-signature': 'X-Hub-Signature' },
    hasTime: false,
    signsBody: true,
  },
  {
    name: 'standard',
    settings: { signature: 'standard' },
    sign: (secret, body, at) => {
      const time = String(Math.floor(at.getTime() / 1_000));
      const content = Buffer.concat([Buffer.from(`msg_1.${time}.`), body]);
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': time,
        'webhook-signature': `v1,${hmac(Buffer.from(secret, 'base64'), content).toString('base64')}`,
      };
    },
    headerNames: {
      'webhook-id': 'webhook-id',
      'webhook-timestamp': 'webhook-timestamp',
      'webhook-signature': 'webhook-signature',
    },
    hasTime: true,
    signsBody: true,
  },
  {
    name: 'hmac-sha256',
    settings: { signature: 'hmac-sha256', signature_header: 'X-Signature', signature_encoding: 'base64' },
    sign: (secret, body) => ({ 'x-signature': hmac(secret, body).toString('base64') }),
    headerNames: { 'x-signature': 'X-Signature' },
    hasTime: false,
    signsBody: true,
  },
  {
    name: 'shared-secret',
    settings: { signature: 'shared-secret', signature_header: 'X-Deskwire-Secret' },
    sign: (secret) => ({ 'x-deskwire-secret': secret }),
    headerNames: { 'x-deskwire-secret': 'X-Deskwire-Secret' },
    hasTime: false,
    signsBody: false,
  },
];

/**
 * @returns `verified`, or the message of the refusal
 * @throws whatever is not a SignatureError
 */
export function outcomeOf(...call: Parameters<typeof verifySignature>): string {
  try {
    verifySignature(...call);
    return 'verified';
  } catch (error) {
    if (error instanceof SignatureError) return error.message;
    throw error;
  }
}
