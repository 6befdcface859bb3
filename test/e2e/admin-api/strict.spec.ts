import { DeskClient } from '../ticket-desk/desk-client.js';
import type { TestGateway } from '../../support/test-gateway.js';
import { ask, makeKey } from './keys-client.js';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

describe('what a handler does not take', () => {
  let desk: DeskClient;
  let gateway: TestGateway;

  beforeAll(async () => {
    desk = await DeskClient.start();
    ({ gateway } = desk);
  });

  afterAll(() => desk.stop());

  it.each<[string, string]>([
    ['GET', '/api/v1/sources?colour=red'],
    ['GET', '/api/v1/destinations?colour=red'],
    ['GET', '/api/v1/routes?colour=red'],
    ['GET', '/api/v1/api-keys?colour=red'],
    ['GET', '/api/v1/events?colour=red'],
    ['GET', '/api/v1/deliveries?colour=red'],
    ['GET', '/api/v1/changes?colour=red'],
    ['GET', `/api/v1/sources/${UNKNOWN}?colour=red`],
    ['GET', `/api/v1/api-keys/${UNKNOWN}?colour=red`],
    ['GET', `/api/v1/changes/${UNKNOWN}?colour=red`],
    ['GET', `/api/v1/events/${UNKNOWN}?colour=red`],
    ['POST', '/api/v1/api-keys?colour=red'],
    ['PATCH', `/api/v1/api-keys/${UNKNOWN}?colour=red`],
    ['DELETE', `/api/v1/api-keys/${UNKNOWN}?colour=red`],
    ['DELETE', `/api/v1/api-keys/${UNKNOWN}?colour`],
    ['GET', '/tickets?colour=red'],
    ['GET', `/tickets/${UNKNOWN}?colour=red`],
    ['POST', '/tickets?colour=red'],
    ['GET', '/webhooks?colour=red'],
    ['POST', '/webhooks/ping?colour=red'],
    ['GET', '/service?colour=red'],
    ['POST', '/service/available?colour=red'],
  ])('%s %s: a query parameter, which is named', async (method, path) => {
    const { status, body } = await ask(gateway, method, path, method === 'GET' ? {} : { body: {} });
    expect([status, body['code']]).toEqual([400, 'validation_failed']);
    expect(body['errors']).toContainEqual({ field: 'colour', message: expect.stringContaining('colour') });
  });

  it('names every parameter of an address that takes none', async () => {
    const { body } = await ask(gateway, 'GET', `/api/v1/sources/${UNKNOWN}?a=1&__proto__=2&a=3&constructor`);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail:
        'a: is not a parameter of this address; __proto__: is not a parameter of this address; ' +
        'constructor: is not a parameter of this address',
      code: 'validation_failed',
      errors: ['a', '__proto__', 'constructor'].map((field) => ({
        field,
        message: `${field}: is not a parameter of this address`,
      })),
    });
  });

  it.each<[string, string]>([
    ['DELETE', `/api/v1/api-keys/${UNKNOWN}`],
    ['POST', '/webhooks/ping'],
    ['POST', '/service/unavailable'],
    ['DELETE', '/webhooks/unregister/1'],
    ['DELETE', `/tickets/${UNKNOWN}`],
  ])('%s %s: a body', async (method, path) => {
    for (const body of [{ reason: 'x' }, [], 'null', '0', '"x"', '{', '{"a":']) {
      const answer = await ask(gateway, method, path, { body });
      expect([answer.status, answer.body['code']]).toEqual([400, 'unexpected_body']);
    }
    const form = await ask(gateway, method, path, { body: 'a=b', headers: { 'content-type': 'text/plain' } });
    expect([form.status, form.body['detail']]).toEqual([400, `body: ${method} takes none at this address.`]);
  });

  it('takes an empty object, or a type without a body, for none', async () => {
    for (const body of [{}, '', ' {} ', undefined]) {
      const headers = { 'content-type': 'application/json' };
      expect((await ask(gateway, 'POST', '/service/available', { body, headers })).status).toBe(200);
      expect((await ask(gateway, 'DELETE', `/api/v1/api-keys/${UNKNOWN}`, { body, headers })).status).toBe(404);
    }
  });

  it('lets a body be left out whose fields may all be left out', async () => {
    const source = await gateway.api('POST', '/sources', { name: 'Rotated', provider: 'groove' });
    const path = `/api/v1/sources/${String(source.body['id'])}/rotate-token`;
    for (const body of [undefined, '', {}]) {
      const answer = await ask(gateway, 'POST', path, { body, headers: { 'content-type': 'application/json' } });
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('hook_url')]);
    }
    expect((await ask(gateway, 'POST', path, { body: 'null' })).status).toBe(400);
    expect((await ask(gateway, 'POST', path, { body: { grace: 1 } })).status).toBe(400);
  });

  it('does not take null for an object', async () => {
    for (const [method, path] of [['POST', '/api/v1/api-keys'] as const, ['POST', '/tickets'] as const]) {
      const { status, body } = await ask(gateway, method, path, { body: 'null' });
      expect([status, body['detail']]).toEqual([400, 'body: must be an object']);
    }
  });

  it('is refused after the key: who may not call learns nothing of it', async () => {
    const { key } = await makeKey(gateway, {});
    const path = `/api/v1/api-keys/${UNKNOWN}?colour=red`;
    expect((await ask(gateway, 'DELETE', path, { body: { a: 1 }, key: null })).status).toBe(401);
    expect((await ask(gateway, 'DELETE', path, { body: { a: 1 }, key: String(key) })).status).toBe(403);
    expect((await ask(gateway, 'DELETE', path, { body: { a: 1 } })).status).toBe(400);
  });

  it('is nothing that others send to addresses which need no key of ours, or read the whole request', async () => {
    const hook = new URL(gateway.hookUrl('groove')).pathname;
    const post = { body: { number: 1, title: 'x' }, headers: { 'x-groove-event': 'ticket_started' }, key: null };
    expect((await ask(gateway, 'POST', `${hook}?utm_source=helpdesk`, post)).status).toBe(202);
    expect((await ask(gateway, 'GET', `${hook}?challenge=1`, { key: null })).status).toBe(200);
    expect((await ask(gateway, 'GET', '/health/live?probe=kubelet', { key: null })).status).toBe(200);
    expect((await ask(gateway, 'GET', '/docs?v=1', { key: null })).status).toBe(200);
    expect((await ask(gateway, 'GET', '/sandbox/zulip/api/v1/server_settings?x=1', { key: null })).status).toBe(200);
    const integrations = '/api/integrations/webhook';
    expect((await ask(gateway, 'GET', `${integrations}/health?x=1`, { key: null })).status).toBe(200);
    const ticket = { body: { subject: 'Printer', description: 'On fire', priority: 'high' } };
    expect((await ask(gateway, 'POST', `${integrations}?tenant=7`, ticket)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['PUT', '/api/v1/api-keys'],
    ['POST', `/api/v1/api-keys/${UNKNOWN}`],
    ['GET', '/api/v1/nowhere?colour=red'],
    ['POST', '/api/v1/nowhere'],
  ])('%s %s: nothing is there, whatever is sent', async (method, path) => {
    const answer = await ask(gateway, method, path, method === 'GET' ? {} : { body: '{' });
    expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
  });
});
