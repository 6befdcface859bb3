import { DESTINATION_SECRETS, placeOf } from '../secrets/sealed-columns.js';
import type { SecretBox } from '../secrets/secret-box.js';

/** Secrets of a destination by name. */
export type DestinationSecrets = Readonly<Record<string, string>>;

/** @returns what is stored of a destination's secrets; it can be opened for that destination alone */
export function sealSecrets(id: string, secrets: DestinationSecrets, box: SecretBox): string {
  return box.seal(JSON.stringify(secrets), placeOf(DESTINATION_SECRETS, id));
}

/** @returns as `openSecrets`; undefined where they cannot be decrypted */
export function readSecrets(
  { id, secrets }: { id: string; secrets: string },
  box: SecretBox,
): DestinationSecrets | undefined {
  const opened = box.tryOpen(secrets, placeOf(DESTINATION_SECRETS, id));
  return opened === undefined ? undefined : (JSON.parse(opened) as DestinationSecrets);
}

/** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that they were stored with */
export function openSecrets({ id, secrets }: { id: string; secrets: string }, box: SecretBox): DestinationSecrets {
  return JSON.parse(box.open(secrets, placeOf(DESTINATION_SECRETS, id))) as DestinationSecrets;
}
