import { SignatureError } from '../../ticket-event/errors.js';
import type { SourceSecrets } from '../../ticket-event/provider-adapter.js';
import { isSameSecret } from './constant-time.js';
import { requireHeader, unfitHeader } from './require-header.js';
import { SIGNATURE_CHECKS, type SignatureSettings, type SignedRequest } from './signature-checks.js';

/** What a source says about how its webhooks are signed. */
interface SignedSource {
  settings: SignatureSettings;
  secrets: SourceSecrets;
}

const BASIC = /^Basic +([A-Za-z\d+/]+={0,2}) *$/i;

/**
 * Checks that a webhook comes from the helpdesk that its source belongs to: by Basic authentication where `basic` is
 * set, by a signature where `signature` is set, by both where both are. What is set up by halves lets nothing in. The
 * messages name headers only: they are shown to whoever sent the webhook.
 *
 * @param now to measure the replay window by
 * @throws SignatureError
 */
export function verifySignature(request: SignedRequest, { settings, secrets }: SignedSource, now: Date): void {
  if (secrets.basic !== undefined) checkBasic(request, secrets.basic);
  if (settings.signature === undefined) return;
  const check = SIGNATURE_CHECKS.get(settings.signature);
  if (!check) throw new SignatureError('The source names a signature that is not known here.');
  // With an empty key anybody could sign.
  const usable = (secrets.signing_secrets ?? []).filter((secret) => secret.trim() !== '');
  if (usable.length === 0) throw new SignatureError('The source has no secret to check a signature with.');
  check(request, { secrets: usable, settings, now });
}

/** RFC 7617, in UTF-8. */
function checkBasic({ headers }: SignedRequest, basic: string): void {
  const sent = BASIC.exec(requireHeader(headers, 'Authorization'))?.[1] ?? '';
  const fits = isSameSecret(sent, Buffer.from(basic).toString('base64'));
  if (!fits || !basic.includes(':')) throw unfitHeader('Authorization');
}
