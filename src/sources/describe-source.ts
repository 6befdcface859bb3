import { isDeepStrictEqual } from 'node:util';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import type { Source } from './source.entity.js';
import type { SourceVault } from './source-vault.js';

const KEPT = '***';
const CHANGED = '*** (changed)';

/** A source and what is entrusted to it, opened. */
export interface OpenedSource {
  row: Source;
  secrets: SourceSecrets;
  /** What is stored cannot be decrypted: it has secrets, and they are not among `secrets`. */
  isUnreadable?: boolean;
}

/** @returns a source as it is stored, opened as far as it can be */
export function openSource(row: Source, vault: SourceVault): OpenedSource {
  const secrets = vault.open(row);
  return { row, secrets: secrets ?? {}, isUnreadable: secrets === undefined };
}

/**
 * @param earlier as it was before a change, which is marked where it gave new secrets; undefined = no marks
 * @returns a source as the record of changes has it: what admins set, secrets masked
 */
export function describeSource({ row, secrets }: OpenedSource, earlier?: OpenedSource): object {
  const known: Record<string, unknown> = { ...earlier?.secrets };
  const masks = Object.entries(secrets).map(([name, value]) => {
    const isChanged = earlier !== undefined && !isDeepStrictEqual(known[name], value);
    return [name, isChanged ? CHANGED : KEPT] as const;
  });
  const hasNewToken = earlier !== undefined && !earlier.row.tokenHash.equals(row.tokenHash);
  return {
    name: row.name,
    provider: row.provider,
    settings: row.settings,
    disabled_at: row.disabledAt,
    previous_token_until: row.previousTokenUntil,
    secrets: { ...Object.fromEntries(masks), ...(hasNewToken && { hook_token: CHANGED }) },
  };
}
