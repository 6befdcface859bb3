import { lstat, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errorCode } from '../error-code.js';

interface Link {
  source: string;
  target: string;
}

/**
 * Makes the symbolic links that npm packages cannot carry (`libpq.so.5` → `libpq.so.5.18`) from the package's own list,
 * `native/pg-symlinks.json`. Its install script would, but install scripts are often blocked. Links that exist are left
 * alone, so that it may run again, in two processes at once, and on a read-only disk that already has them.
 *
 * @throws Node's EROFS, EACCES or EPERM when a link is missing and cannot be made
 */
export async function hydrateSymlinks(packageRoot: string): Promise<void> {
  for (const link of await readLinks(packageRoot)) {
    const target = join(packageRoot, link.target);
    if (await exists(target)) continue;
    try {
      await symlink(relative(dirname(link.target), link.source), target);
    } catch (error) {
      // Another process was quicker.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function readLinks(packageRoot: string): Promise<Link[]> {
  const file = join(packageRoot, 'native', 'pg-symlinks.json');
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(parsed) || !parsed.every(isLink)) throw new Error(`${file} is not a list of links.`);
  return parsed;
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
