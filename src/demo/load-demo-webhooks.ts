import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A webhook as a helpdesk sent it: a fixture that says `"demo": true`. */
export interface DemoWebhook {
  provider: string;
  fixture: string;
  headers: Record<string, string>;
  body: string;
}

interface FixtureFile {
  demo?: boolean;
  headers: Record<string, string>;
  body?: unknown;
  text?: string;
}

/** @param providersDir the folder of the providers' sources, since fixtures are no part of the build */
export function loadDemoWebhooks(providersDir: string): DemoWebhook[] {
  return readdirSync(providersDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(providersDir, entry.name, 'fixtures')))
    .flatMap((entry) => loadOfProvider(entry.name, join(providersDir, entry.name, 'fixtures')));
}

function loadOfProvider(provider: string, directory: string): DemoWebhook[] {
  return readdirSync(directory)
    .filter((file) => !file.endsWith('.expected.json'))
    .flatMap((file) => {
      const fixture = JSON.parse(readFileSync(join(directory, file), 'utf8')) as FixtureFile;
      if (fixture.demo !== true) return [];
      return [
        { provider, fixture: file, headers: fixture.headers, body: fixture.text ?? JSON.stringify(fixture.body) },
      ];
    });
}
