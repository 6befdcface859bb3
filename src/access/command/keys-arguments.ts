import { parseArgs } from 'node:util';
import { plainToInstance } from 'class-transformer';
import { isUUID, validateSync } from 'class-validator';
import { UsageError } from '../../command/usage-error.js';
import { CreateApiKeyBody } from '../api-key.dto.js';

export const USAGE = `Usage: deskwire keys create [--name NAME] [--role admin|auditor|ingest] [--source NAME_OR_ID] [--expires TIME]
       deskwire keys list
       deskwire keys revoke ID
       deskwire keys rotate-encryption

create   makes a key and prints it, this once, alone on a line of standard output; without options an admin key, for
         whoever has lost theirs
         --source    the source that an ingest key posts to
         --expires   from when on it is no longer valid, e.g. 2027-01-01T00:00:00Z; without it, never
list     shows all keys, newest first; never the keys themselves
revoke   ends a key at once
rotate-encryption
         encrypts all secrets at rest anew that another key than the present one encrypted: with ENCRYPTION_KEY, after
         you changed it and set ENCRYPTION_KEY_READ_ONLY to the former one; where Deskwire keeps the key in DATA_DIR,
         with a new one that it makes. Gateways may run meanwhile: docs/operations.md

It works on DATABASE_URL, else on the embedded database of DATA_DIR, whether or not the gateway runs.
In a checkout: npx deskwire keys create, or npm run keys -- create
`;

const DEFAULT_NAME = 'Admin key made by a command';

/** What somebody wants done. */
export type KeysArguments =
  | { action: 'help' }
  | { action: 'list' }
  | { action: 'rotate-encryption' }
  | { action: 'revoke'; id: string }
  /** `source`: as it was given, a name or an id. */
  | { action: 'create'; body: CreateApiKeyBody; source?: string };

interface CreationOptions {
  name?: string;
  role?: string;
  source?: string;
  expires?: string;
}

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  source: { type: 'string' },
  expires: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError that says what is wrong */
export function readKeysArguments(args: readonly string[]): KeysArguments {
  const { values, positionals } = parse(args);
  const [action, ...rest] = positionals;
  const { help, ...options } = values;
  if (help === true) return { action: 'help' };
  if (action === 'create') {
    refuseMore(rest);
    return { action, ...readCreation(options) };
  }
  if (Object.keys(options).length > 0) throw new UsageError(`--${Object.keys(options).join(', --')}: only for create.`);
  if (action === 'list' || action === 'rotate-encryption') {
    refuseMore(rest);
    return { action };
  }
  if (action !== 'revoke') throw new UsageError('Say what to do: create, list, revoke or rotate-encryption.');
  const [id, ...more] = rest;
  refuseMore(more);
  if (!isUUID(id)) throw new UsageError('revoke needs the id of a key: see list.');
  return { action, id: String(id) };
}

function parse(args: readonly string[]): { values: CreationOptions & { help?: boolean }; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function refuseMore(rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError(`What is "${rest.join(' ')}"?`);
}

function readCreation(options: CreationOptions): {
  body: CreateApiKeyBody;
  source?: string;
} {
  const { name = DEFAULT_NAME, role = 'admin', source, expires } = options;
  const body = plainToInstance(CreateApiKeyBody, { name, role, ...(expires !== undefined && { expires_at: expires }) });
  const problems = validateSync(body).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if ((role === 'ingest') !== (source !== undefined))
    problems.push('--source goes with --role ingest, and only with it');
  if (problems.length > 0) throw new UsageError(`${problems.join('; ')}.`);
  return { body, ...(source !== undefined && { source }) };
}
