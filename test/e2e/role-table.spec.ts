import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, TestGateway } from '../support/test-gateway.js';

type Role = 'admin' | 'auditor' | 'ingest';

const EVERYBODY: readonly Role[] = ['admin', 'auditor', 'ingest'];
const READERS: readonly Role[] = ['admin', 'auditor'];
const WRITERS: readonly Role[] = ['admin', 'ingest'];
const ADMINS: readonly Role[] = ['admin'];
/** Answered without any key. */
const OPEN = 'open';

const TABLE: Readonly<Record<string, readonly Role[] | typeof OPEN>> = {
  'GET /api/v1/changes': READERS,
  'GET /api/v1/changes/{id}': READERS,
  'POST /api/v1/api-keys': ADMINS,
  'GET /api/v1/api-keys': READERS,
  'GET /api/v1/api-keys/{id}': READERS,
  'PATCH /api/v1/api-keys/{id}': ADMINS,
  'DELETE /api/v1/api-keys/{id}': ADMINS,
  'POST /api/v1/sources': ADMINS,
  'GET /api/v1/sources': READERS,
  'GET /api/v1/sources/{id}': READERS,
  'PATCH /api/v1/sources/{id}': ADMINS,
  'DELETE /api/v1/sources/{id}': ADMINS,
  'POST /api/v1/sources/{id}/rotate-token': ADMINS,
  'POST /api/v1/sources/{id}/subscriptions': ADMINS,
  'GET /api/v1/sources/{id}/subscriptions': READERS,
  'DELETE /api/v1/sources/{id}/subscriptions': ADMINS,
  'POST /api/v1/destinations': ADMINS,
  'GET /api/v1/destinations': READERS,
  'GET /api/v1/destinations/{id}': READERS,
  'PATCH /api/v1/destinations/{id}': ADMINS,
  'DELETE /api/v1/destinations/{id}': ADMINS,
  'POST /api/v1/destinations/{id}/pause': ADMINS,
  'POST /api/v1/destinations/{id}/resume': ADMINS,
  'POST /api/v1/destinations/check': ADMINS,
  'POST /api/v1/destinations/{id}/check': ADMINS,
  'POST /api/v1/destinations/{id}/test': ADMINS,
  'POST /api/v1/destinations/{id}/rotate-secret': ADMINS,
  'GET /api/v1/routes/revisions': READERS,
  'GET /api/v1/routes/revisions/{id}': READERS,
  'POST /api/v1/routes': ADMINS,
  'GET /api/v1/routes': READERS,
  'GET /api/v1/routes/{id}': READERS,
  'PATCH /api/v1/routes/{id}': ADMINS,
  'DELETE /api/v1/routes/{id}': ADMINS,
  'POST /api/v1/routes/reorder': ADMINS,
  'POST /api/v1/routes/preview': ADMINS,
  'GET /api/v1/events': READERS,
  'GET /api/v1/events/{id}': READERS,
  'GET /api/v1/events/{id}/explain': READERS,
  'GET /api/v1/raw-reads': READERS,
  'POST /api/v1/erasures': ADMINS,
  'GET /api/v1/deliveries': READERS,
  'GET /api/v1/deliveries/export': READERS,
  'GET /api/v1/deliveries/{id}': READERS,
  'GET /api/v1/events/export': READERS,
  'GET /api/v1/stats': READERS,
  'POST /api/v1/events/route': ADMINS,
  'POST /api/v1/events/{id}/route': ADMINS,
  'POST /api/v1/deliveries/replay': ADMINS,
  'POST /api/v1/deliveries/{id}/replay': ADMINS,
  'POST /api/v1/deliveries/cancel': ADMINS,
  'POST /api/v1/deliveries/{id}/cancel': ADMINS,
  'GET /api/v1/config': READERS,
  'PUT /api/v1/config': ADMINS,
  'POST /api/integrations/webhook': WRITERS,
  'POST /api/integrations/webhook/batch': WRITERS,
  'GET /api/integrations/webhook/health': OPEN,
  'POST /hooks/{provider}/{token}': OPEN,
  'GET /hooks/{provider}/{token}': OPEN,
  'POST /tickets': WRITERS,
  'GET /tickets': EVERYBODY,
  'GET /tickets/{id}': EVERYBODY,
  'PATCH /tickets/{id}': WRITERS,
  'DELETE /tickets/{id}': WRITERS,
  'GET /service': EVERYBODY,
  'POST /service/unavailable': WRITERS,
  'POST /service/available': WRITERS,
  'POST /webhooks/register': WRITERS,
  'DELETE /webhooks/unregister/{id}': WRITERS,
  'GET /webhooks': EVERYBODY,
  'POST /webhooks/ping': WRITERS,
  'GET /health/live': OPEN,
  'GET /health/ready': OPEN,
  'GET /metrics': READERS,
};

/** Nobody has it; so whoever is let in gets a 404, or a 400 for the body. */
const NOBODY = '01890000-0000-7000-8000-000000000000';

const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe('who may do what', () => {
  let gateway: TestGateway;
  const keys = new Map<Role, string>();
  /** The integration endpoint is for sources of its own provider. */
  let integrationKey = '';

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const { body } = await gateway.api('GET', '/sources');
    const sourceOf = (wanted: string): unknown => body.data.find(({ provider }) => provider === wanted)?.['id'];
    const make = async (role: Role, fields: object = {}): Promise<string> => {
      const { body: made } = await gateway.api('POST', '/api-keys', { name: role, role, ...fields });
      return String(made['key']);
    };
    keys.set('admin', gateway.adminKey);
    keys.set('auditor', await make('auditor'));
    keys.set('ingest', await make('ingest', { source_id: sourceOf('ticket-desk') }));
    integrationKey = await make('ingest', { source_id: sourceOf('generic') });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const ask = async (operation: string, key?: string): Promise<number> => {
    const [method = '', path = ''] = operation.split(' ');
    const address = path.replace('{provider}', 'groove').replace(/\{\w+\}/g, NOBODY);
    const { status } = await call(gateway.url + address, {
      method,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    });
    return status;
  };

  it('is said of every endpoint that there is', () => {
    expect(Object.keys(TABLE).sort()).toEqual(operations.sort());
  });

  it.each(operations)('%s', async (operation) => {
    const allowed = TABLE[operation] ?? [];
    if (allowed === OPEN) {
      expect(await ask(operation)).not.toBe(401);
      return;
    }
    expect(await ask(operation)).toBe(401);
    for (const role of EVERYBODY) {
      const isIntegration = role === 'ingest' && operation.includes(' /api/integrations/');
      const status = await ask(operation, isIntegration ? integrationKey : keys.get(role));
      const isLetIn = status !== 401 && status !== 403;
      expect([role, isLetIn]).toEqual([role, allowed.includes(role)]);
      expect(status).toBeLessThan(500);
    }
  });
});
