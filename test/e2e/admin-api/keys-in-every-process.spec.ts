import { randomBytes } from 'node:crypto';
import { validateEnvironment } from '../../../src/config/validate-environment.js';
import type { RunningGateway } from '../../../src/start-gateway.js';
import { startWatchedGateway } from '../../support/start-watched-gateway.js';
import { createTestDatabase, type TestDatabase } from '../../support/template-database.js';
import { ask } from './keys-client.js';

describe('keys where several processes share a database', () => {
  const encryptionKey = randomBytes(24).toString('hex');
  const adminKey = `dw_${randomBytes(24).toString('hex')}`;
  let database: TestDatabase;
  let running: RunningGateway[];

  beforeEach(async () => {
    database = await createTestDatabase();
    running = [];
  });

  afterEach(async () => {
    for (const gateway of running) await gateway.stop();
    await database.drop();
  });

  const start = async (): Promise<{ url: string; adminKey: string }> => {
    const environment = validateEnvironment({
      PORT: '0',
      ROLE: 'api',
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      ADMIN_API_KEY: adminKey,
    });
    const gateway = await startWatchedGateway({ environment, databaseUrl: database.url, encryptionKey });
    running.push(gateway);
    return { url: gateway.url, adminKey };
  };

  it('open and shut all doors at once: the very next request', async () => {
    const [here, there] = [await start(), await start()];
    for (let round = 0; round < 10; round += 1) {
      const made = await ask(here, 'POST', '/api/v1/api-keys', { body: { name: 'Short', role: 'auditor' } });
      const key = String(made.body['key']);
      expect((await ask(there, 'GET', '/api/v1/sources', { key })).status).toBe(200);
      const revoked = await ask(here, 'DELETE', `/api/v1/api-keys/${String(made.body['id'])}`);
      expect(revoked.status).toBe(204);
      expect((await ask(there, 'GET', '/api/v1/sources', { key })).status).toBe(401);
    }
  });

  it('are made once by several that start with the same one', async () => {
    const [here] = await Promise.all([start(), start(), start()]);
    const { body } = await ask(here, 'GET', '/api/v1/api-keys');
    expect(body.data.map(({ name }) => name)).toEqual(['ADMIN_API_KEY']);
  });
});
