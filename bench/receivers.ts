/** Where the messages of a bench go, as the admin API takes it. */
export interface Receiver {
  kind: 'zulip' | 'webhook';
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

export const BOT = { email: 'bench-bot@example.com', apiKey: 'not-a-secret-of-anyone' };

export function zulipAt(site: string): Receiver {
  return {
    kind: 'zulip',
    settings: { site, email: BOT.email, channel: 'bench' },
    secrets: { api_key: BOT.apiKey },
  };
}

export function webhookAt(site: string): Receiver {
  const secret = Buffer.from('not a secret of anyone, for bench').toString('base64');
  return { kind: 'webhook', settings: { url: `${site}/hook` }, secrets: { signing_secret: `whsec_${secret}` } };
}
