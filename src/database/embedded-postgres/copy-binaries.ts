import { randomUUID } from 'node:crypto';
import { copyFile, chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { hydrateSymlinks } from './hydrate-symlinks.js';

/** What only compiling against PostgreSQL needs: a fifth of the package. */
const NOT_NEEDED = /(\.a$|[/\\](pgxs|pkgconfig)$)/;

/**
 * Copies the package's programs to a place where another account can read and run them. A copy is complete or not
 * there: it is made beside the target, written through to the disk, and renamed.
 *
 * @param target directory to make; one that exists is taken as it is
 */
export async function copyBinaries(packageRoot: string, target: string): Promise<void> {
  if (await isDirectory(target)) return;
  const partial = `${target}.partial-${randomUUID()}`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await copyTree(join(packageRoot, 'native'), join(partial, 'native'));
    await chmod(partial, 0o755);
    await hydrateSymlinks(partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process was quicker; its copy is as good.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Links are left out (they are made anew); modes are opened for reading, as the original may be private. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (NOT_NEEDED.test(source)) continue;
    if (entry.isDirectory()) await copyTree(source, join(to, entry.name));
    else if (entry.isFile()) await copyOne(source, join(to, entry.name));
  }
}

async function copyOne(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const isProgram = ((await stat(source)).mode & 0o100) !== 0;
  const file = await open(target, 'r+');
  try {
    await file.chmod(isProgram ? 0o755 : 0o644);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
