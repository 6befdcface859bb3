// Without an extension, and first: only after it do imports that end in .js find our .ts files.
import './typescript-resolution';
import { makeTemplate, removeTemplate } from './make-template.js';
import { SERVER_VARIABLE, TEMPLATE_VARIABLE } from './template-database.js';
import { startTestServer } from './test-server.js';

/** What the set-up leaves for the teardown, which Jest calls in the same process. */
export interface TestRun {
  deskwireTestRun?: { stop(): Promise<void> };
}

/** Before all test files: a server, and in it the template database. */
export default async function setUp(): Promise<void> {
  const server = await startTestServer();
  try {
    const template = await makeTemplate(server.url);
    process.env[SERVER_VARIABLE] = server.url;
    process.env[TEMPLATE_VARIABLE] = template;
    (globalThis as TestRun).deskwireTestRun = {
      async stop() {
        await removeTemplate(server.url, template);
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
