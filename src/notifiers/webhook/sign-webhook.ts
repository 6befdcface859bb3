import { Webhook } from 'standardwebhooks';

/** What a webhook is signed as. */
export interface SignedFacts {
  /** The same for every try: receivers tell repetitions by it. */
  id: string;
  /** Of this try. */
  at: Date;
  body: string;
}

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secrets each of them signs
 * @throws Error for a secret that is none
 */
export function signWebhook({ id, at, body }: SignedFacts, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
