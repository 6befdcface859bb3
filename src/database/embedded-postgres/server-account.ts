import { readFile } from 'node:fs/promises';
import { NoServerAccountError } from './errors.js';

/** As whom the server's programs run. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/** In order of preference: made for PostgreSQL; the user of Node's container images; there on nearly every system. */
const CANDIDATES = ['postgres', 'node', 'nobody'] as const;

/** @returns whether this process may, and must, run the server as somebody else. Never on Windows. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Chooses the unprivileged account for a new server, since PostgreSQL refuses to run as root.
 *
 * @returns undefined when we are not root: the server then runs as ourselves
 * @throws NoServerAccountError when we are root and no candidate is in /etc/passwd
 */
export async function findServerAccount(): Promise<ServerAccount | undefined> {
  if (!runsAsRoot()) return undefined;
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  for (const name of CANDIDATES) {
    const account = accounts.get(name);
    if (account !== undefined) return account;
  }
  throw new NoServerAccountError(CANDIDATES);
}

/** Reads passwd(5): `name:password:uid:gid:…`. Accounts with root's uid are left out. */
function parsePasswd(text: string): Map<string, ServerAccount> {
  const accounts = new Map<string, ServerAccount>();
  for (const line of text.split('\n')) {
    const [name, , uidText, gidText] = line.split(':');
    const uid = Number(uidText);
    const gid = Number(gidText);
    if (name === undefined || !Number.isInteger(uid) || !Number.isInteger(gid) || uid === 0) continue;
    accounts.set(name, { uid, gid });
  }
  return accounts;
}
