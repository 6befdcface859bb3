import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hydrateSymlinks } from './hydrate-symlinks.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deskwire-links-'));
  mkdirSync(join(root, 'native', 'lib'), { recursive: true });
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

it('makes the listed links, relative to their own directory; again, and from several at once, changes nothing', async () => {
  await Promise.all(Array.from({ length: 10 }, () => hydrateSymlinks(root)));
  await hydrateSymlinks(root);
  expect(await readdir(join(root, 'native', 'lib'))).toEqual(['libpq.so', 'libpq.so.5']);
  expect(await readlink(join(root, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
});

it('refuses a list that it does not understand', async () => {
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), '[{"from":"a"}]');
  await expect(hydrateSymlinks(root)).rejects.toThrow('is not a list of links');
});
