import { createHmac } from 'node:crypto';
import type { SourceSettingsBody } from '../../sources/source-settings.dto.js';
import type { SignatureScheme } from '../../sources/signature-schemes.js';
import { SignatureError } from '../../ticket-event/errors.js';
import type { InboundRequest } from '../../ticket-event/provider-adapter.js';
import { isSameSecret, isSameSignature } from './constant-time.js';
import { malformedHeader, requireHeader, unfitHeader } from './require-header.js';
import { requireRecent } from './require-recent.js';
import { checkStandardWebhook } from './standard-webhook.js';

/** What is signed: the bytes as they came, and the headers that say so. */
export type SignedRequest = Pick<InboundRequest, 'headers' | 'rawBody'>;

export type SignatureSettings = Pick<SourceSettingsBody, 'signature' | 'signature_header' | 'signature_encoding'>;

interface Terms {
  /** None of them blank. Any may match. */
  secrets: readonly string[];
  settings: SignatureSettings;
  now: Date;
}

/** @throws SignatureError where the request is not signed with one of the secrets */
export type SignatureCheck = (request: SignedRequest, terms: Terms) => void;

const ZENDESK_SIGNATURE = 'X-Zendesk-Webhook-Signature';
const ZENDESK_TIME = 'X-Zendesk-Webhook-Signature-Timestamp';
/**
 * Time and body are signed without anything between them, so where one ends must be plain: no time that is read here is
 * the beginning of another.
 */
const ZENDESK_TIME_FORMAT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const JIRA_SIGNATURE = 'X-Hub-Signature';
const JIRA_FORMAT = /^sha256=([\da-f]{64})$/i;
const ALGORITHM_PREFIX = /^sha256=/i;

/** How each scheme that a source's `signature` can name is checked. */
export const SIGNATURE_CHECKS: ReadonlyMap<string, SignatureCheck> = new Map(
  Object.entries<SignatureCheck>({
    zendesk: checkZendesk,
    jira: checkJira,
    standard: checkStandardWebhook,
    'hmac-sha256': checkHmac,
    'shared-secret': checkSharedSecret,
  } satisfies Record<SignatureScheme, SignatureCheck>),
);

/** https://developer.zendesk.com/documentation/webhooks/verifying/ */
function checkZendesk({ headers, rawBody }: SignedRequest, { secrets, now }: Terms): void {
  const signature = requireHeader(headers, ZENDESK_SIGNATURE);
  const timestamp = requireHeader(headers, ZENDESK_TIME);
  const sentAt = new Date(ZENDESK_TIME_FORMAT.test(timestamp) ? timestamp : Number.NaN);
  if (Number.isNaN(sentAt.getTime())) throw malformedHeader(ZENDESK_TIME);
  requireRecent(sentAt, now, ZENDESK_TIME);
  const sign = (secret: string): string =>
    createHmac('sha256', secret).update(timestamp).update(rawBody).digest('base64');
  if (!secrets.some((secret) => isSameSignature(signature, sign(secret)))) throw unfitHeader(ZENDESK_SIGNATURE);
}

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks: no time, so no replay window. */
function checkJira({ headers, rawBody }: SignedRequest, { secrets }: Terms): void {
  const signature = JIRA_FORMAT.exec(requireHeader(headers, JIRA_SIGNATURE))?.[1];
  if (signature === undefined) throw malformedHeader(JIRA_SIGNATURE);
  if (!isHmacOf(rawBody, signature, secrets, 'hex')) throw unfitHeader(JIRA_SIGNATURE);
}

/** An HMAC-SHA256 of the body in a header of the admin's choice, with or without the algorithm's name before it. */
function checkHmac({ headers, rawBody }: SignedRequest, { secrets, settings }: Terms): void {
  const name = chosenHeader(settings);
  const signature = requireHeader(headers, name).replace(ALGORITHM_PREFIX, '');
  if (!isHmacOf(rawBody, signature, secrets, settings.signature_encoding ?? 'hex')) throw unfitHeader(name);
}

/** For helpdesks that cannot sign but can send a header, such as Freshdesk and ServiceNow: it holds a secret as it is. */
function checkSharedSecret({ headers }: SignedRequest, { secrets, settings }: Terms): void {
  const name = chosenHeader(settings);
  const sent = requireHeader(headers, name);
  // Node reads headers as Latin-1, one character a byte; senders write UTF-8.
  const fits = (secret: string): boolean => isSameSecret(sent, Buffer.from(secret).toString('latin1'));
  if (!secrets.some(fits)) throw unfitHeader(name);
}

function isHmacOf(body: Buffer, sent: string, secrets: readonly string[], encoding: 'hex' | 'base64'): boolean {
  const signature = encoding === 'hex' ? sent.toLowerCase() : sent;
  return secrets.some((secret) =>
    isSameSignature(signature, createHmac('sha256', secret).update(body).digest(encoding)),
  );
}

function chosenHeader({ signature_header: name }: SignatureSettings): string {
  if (name === undefined) throw new SignatureError('The source does not say which header holds its signature.');
  return name;
}
