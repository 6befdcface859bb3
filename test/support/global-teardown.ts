import { type TestRun } from './global-setup.js';

/** After all test files, failed or not. */
export default async function tearDown(): Promise<void> {
  await (globalThis as TestRun).deskwireTestRun?.stop();
}
