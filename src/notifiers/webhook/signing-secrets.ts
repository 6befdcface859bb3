/** A secret that has been replaced, and until when it signs beside the present one. */
export interface FormerSecret {
  secret: string;
  until: Date;
}

/**
 * What a webhook is signed with, as it is sealed: flat, since all secrets of destinations are texts. `former` holds JSON.
 * Before there could be several, the one before stood as `previous_signing_secret` until `previous_until`.
 */
export interface SigningSecrets {
  signing_secret: string;
  former_signing_secrets?: string;
}

/** @returns those that still sign at `now`, the newest first */
export function formerSecrets(secrets: Readonly<Record<string, string>>, now: Date): FormerSecret[] {
  const { previous_signing_secret: previous, previous_until: until = '', former_signing_secrets: former } = secrets;
  // What was sealed by us need not be doubted.
  const listed = former === undefined ? [] : (JSON.parse(former) as { secret: string; until: string }[]);
  const all = [...listed, ...(previous === undefined ? [] : [{ secret: previous, until }])];
  return all
    .map((one) => ({ secret: one.secret, until: new Date(one.until) }))
    .filter((one) => now.getTime() < one.until.getTime());
}

/** @param former the newest first */
export function signingSecrets(secret: string, former: readonly FormerSecret[]): SigningSecrets {
  return { signing_secret: secret, ...(former.length > 0 && { former_signing_secrets: JSON.stringify(former) }) };
}
