// Writes docs/openapi.json from the build, or with --check compares it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../docs/openapi.json');
const { describeApi } = await import('../dist/src/open-api/describe-api.js');
const text = `${JSON.stringify(await describeApi(), null, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/openapi.json is not what the code says: run "npm run openapi" and commit it.');
  process.exitCode = 1;
}
