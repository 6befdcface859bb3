import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredWebhook } from './stored-webhook.js';

/** A webhook as a helpdesk sent it: a fixture that says `"demo": true`. */
export interface DemoWebhook {
  provider: string;
  fixture: string;
  headers: Record<string, string>;
  body: string;
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
      const webhook = readStoredWebhook(readFileSync(join(directory, file), 'utf8'));
      if (webhook?.demo !== true) return [];
      return [{ provider, fixture: file, headers: webhook.headers, body: webhook.body }];
    });
}
