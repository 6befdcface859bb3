import { createHash } from 'node:crypto';
import type { ActiveDestination } from './destination-directory.js';

/** @returns what is another one after every change of a destination's settings or secrets, and tells nothing of them */
export function settingsHash({ settings, secrets }: Pick<ActiveDestination, 'settings' | 'secrets'>): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, secrets]))
    .digest('hex')
    .slice(0, 32);
}
