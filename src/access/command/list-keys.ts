import { terminalText } from '../../command/terminal-text.js';
import { PageQuery } from '../../http/page.js';
import type { ApiKeyView } from '../api-key.dto.js';
import type { ApiKeysService } from '../api-keys.service.js';

const PAGE = 500;

/** @returns all keys as a table for a terminal, newest first */
export async function listKeys(keys: ApiKeysService, now: Date): Promise<string> {
  const rows = [['ID', 'ROLE', 'STATE', 'LAST USED', 'SOURCE', 'NAME']];
  let cursor: string | null | undefined;
  do {
    const query = Object.assign(new PageQuery(), { limit: PAGE, ...(cursor && { cursor }) });
    const page = await keys.list(query);
    rows.push(...page.data.map((key) => toRow(key, now)));
    cursor = page.next_cursor;
  } while (cursor !== null);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function toRow(key: ApiKeyView, now: Date): string[] {
  const lastUsed = key.last_used_at?.toISOString() ?? 'never';
  return [key.id, key.role, stateOf(key, now), lastUsed, key.source_id ?? '-', terminalText(key.name)];
}

function stateOf({ expires_at: expires, revoked_at: revoked }: ApiKeyView, now: Date): string {
  if (revoked) return `revoked ${revoked.toISOString()}`;
  if (!expires) return 'valid';
  return `${expires > now ? 'valid until' : 'expired'} ${expires.toISOString()}`;
}
