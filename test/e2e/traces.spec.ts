import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { JsonServer, type JsonAnswer } from '../support/json-server.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { startWatchedGateway } from '../support/start-watched-gateway.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { type Answer, call } from '../support/test-gateway.js';
import { type ExportedSpan, TraceCollector } from '../support/trace-collector.js';
import { waitUntil } from '../support/wait-until.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER = 'b7ad6b7169203331';

class Endpoint extends JsonServer {
  static start(): Promise<Endpoint> {
    return new Endpoint().listen();
  }

  protected answer(): JsonAnswer {
    return { status: 204 };
  }
}

describe('traces of an api process and a worker', () => {
  const encryptionKey = randomBytes(24).toString('hex');
  let database: TestDatabase;
  let client: Client;
  let zulip: ScriptedZulip;
  let endpoint: Endpoint;
  let collector: TraceCollector;
  let api: RunningGateway;
  let worker: RunningGateway;
  let hookUrl: string;
  let adminKey: string;
  let posted = 0;

  const start = (role: string, environment: Record<string, string> = {}): Promise<RunningGateway> => {
    const validated = validateEnvironment({
      PORT: '0',
      ROLE: role,
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      OUTBOUND_ALLOW: LOOPBACK,
      ZULIP_SITE: zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'key-of-the-bot',
      ZULIP_CHANNEL: 'support',
      ...environment,
    });
    return startWatchedGateway({ environment: validated, databaseUrl: database.url, encryptionKey });
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    zulip = await ScriptedZulip.start();
    endpoint = await Endpoint.start();
    collector = await TraceCollector.start();
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=key-of-the-collector',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    };
    api = await start('api', traced);
    worker = await start('worker', traced);
    hookUrl = api.firstStart.newSources.find(({ provider }) => provider === 'groove')?.hook_url ?? '';
    adminKey = api.firstStart.adminKey ?? '';
  });

  afterAll(async () => {
    await worker.stop();
    await api.stop();
    await collector.stop();
    await endpoint.stop();
    await zulip.stop();
    await client.end();
    await database.drop();
  });

  beforeEach(() => {
    collector.spans.length = 0;
  });

  const post = (headers: Record<string, string> = {}, url = hookUrl): Promise<Answer> => {
    posted += 1;
    return call(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started', ...headers },
      body: JSON.stringify({ number: posted, title: `Traced ${posted}` }),
    });
  };

  const admin = (method: string, path: string, body?: object): Promise<Answer> =>
    call(`${api.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  const delivery = async (answer: Answer): Promise<Record<string, unknown>> => {
    const [eventId] = answer.body['event_ids'] as string[];
    const { rows } = await client.query<Record<string, unknown>>('select * from deliveries where event_id = $1', [
      eventId,
    ]);
    return rows[0] ?? {};
  };

  /** The spans of one trace, once all of these have come. */
  const spans = (traceId: string, ...names: string[]): Promise<Record<string, ExportedSpan>> =>
    waitUntil(() => {
      const trace = collector.trace(traceId);
      return names.every((name) => name in trace) && trace;
    });

  const WHOLE = ['POST /hooks/groove', 'commit', 'deliver', 'POST'];

  it('lead from the webhook to Zulip, across both', async () => {
    const answer = await post();
    expect(answer.status).toBe(202);
    const kept = await delivery(answer);
    const [, traceId = ''] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(String(kept['traceparent'])) ?? [];
    const trace = await spans(traceId, ...WHOLE);
    const { commit, deliver, POST: request, 'POST /hooks/groove': webhook } = trace;
    expect(Object.keys(trace).sort()).toEqual([...WHOLE].sort());
    expect([webhook, commit, deliver, request].map((span) => [span?.kind, span?.isError])).toEqual([
      ['server', false],
      ['internal', false],
      ['consumer', false],
      ['client', false],
    ]);
    expect(webhook?.parentId).toBeUndefined();
    expect([commit?.parentId, deliver?.parentId]).toEqual([webhook?.id, webhook?.id]);
    expect(request?.parentId).toBe(deliver?.id);

    expect(webhook?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/hooks/:provider/:token',
      'http.response.status_code': 202,
      'deskwire.provider': 'groove',
      'deskwire.source.id': kept['source_id'],
      'deskwire.outcome': 'accepted',
      'deskwire.event.ids': [kept['event_id']],
      'deskwire.deliveries': 1,
    });
    expect(commit?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'deskwire.commit.webhooks': 1,
      'deskwire.commit.waited_ms': expect.any(Number),
    });
    const {
      rows: [attempt],
    } = await client.query<{ id: string }>('select id from attempts where delivery_id = $1', [kept['id']]);
    expect(deliver?.attributes).toEqual({
      'messaging.system': 'deskwire',
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'process',
      'deskwire.destination.id': kept['destination_id'],
      'deskwire.destination.kind': 'zulip',
      'deskwire.delivery.id': kept['id'],
      'deskwire.event.id': kept['event_id'],
      'deskwire.attempt.id': attempt?.id,
      'deskwire.attempt.number': 1,
      'deskwire.outcome': 'sent',
      'deskwire.state': 'delivered',
      'deskwire.in_doubt': false,
    });
    expect(request?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(zulip.site).port),
      'http.response.status_code': 200,
    });
    expect([webhook?.resource, deliver?.resource]).toEqual([
      expect.objectContaining({ 'service.name': 'deskwire', 'service.version': '0.1.0', 'deskwire.role': 'api' }),
      expect.objectContaining({ 'service.name': 'deskwire', 'service.version': '0.1.0', 'deskwire.role': 'worker' }),
    ]);
    expect(collector.exports[0]?.headers).toMatchObject({ 'x-collector-key': 'key-of-the-collector' });
  });

  it('go on with the trace that a webhook comes with, by either road', async () => {
    const traceparent = `00-${TRACE}-${SENDER}-01`;
    await post({ traceparent });
    const trace = await spans(TRACE, ...WHOLE);
    expect(trace['POST /hooks/groove']?.parentId).toBe(SENDER);
    expect(trace['deliver']?.parentId).toBe(trace['POST /hooks/groove']?.id);

    collector.spans.length = 0;
    // With parameters it goes through Fastify and Nest.
    await post({ traceparent }, `${hookUrl}?only_events=ticket_*`);
    const same = await spans(TRACE, ...WHOLE);
    expect(same['POST /hooks/groove']).toMatchObject({
      parentId: SENDER,
      attributes: { 'deskwire.outcome': 'accepted' },
    });
  });

  it('begin anew where what comes along is no trace, and keep nothing where the sender keeps nothing', async () => {
    const malformed = await post({ traceparent: `00-${TRACE}-${SENDER}` });
    const kept = String((await delivery(malformed))['traceparent']);
    expect(kept).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(kept).not.toContain(TRACE);
    const unkept = await post({ traceparent: `00-${TRACE}-${SENDER}-00` });
    expect((await delivery(unkept))['traceparent']).toBeNull();
    await waitUntil(() => zulip.taken.some(({ topic }) => topic === `#${posted} Traced ${posted}`));
    await spans(kept.slice(3, 35), ...WHOLE);
    expect(collector.trace(TRACE)).toEqual({});
  });

  it('say what a webhook was refused for', async () => {
    const bad = (traceId: string, url: string): Promise<Answer> =>
      call(url, { method: 'POST', headers: { traceparent: `00-${traceId}-${SENDER}-01` }, body: '{' });
    const [door, fastify] = ['a'.repeat(32), 'b'.repeat(32)];
    expect((await bad(door, hookUrl)).status).toBe(400);
    expect((await bad(fastify, `${hookUrl}?only_events=*`)).status).toBe(400);
    for (const traceId of [door, fastify]) {
      const { 'POST /hooks/groove': webhook, commit } = await spans(traceId, 'POST /hooks/groove', 'commit');
      expect(webhook).toMatchObject({
        isError: false,
        attributes: { 'http.response.status_code': 400, 'deskwire.outcome': 'unreadable_body' },
      });
      expect(commit?.parentId).toBe(webhook?.id);
    }
  });

  it('begin at the ticket desk as well', async () => {
    const { status } = await call(`${api.url}/tickets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminKey}`,
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-${SENDER}-01`,
      },
      body: JSON.stringify({ ticket_message: 'Traced at the desk' }),
    });
    expect(status).toBe(201);
    const { deliver, 'POST /tickets': desk } = await spans(TRACE, 'POST /tickets', 'deliver');
    expect(desk).toMatchObject({
      kind: 'server',
      parentId: SENDER,
      attributes: { 'http.request.method': 'POST', 'http.route': '/tickets' },
    });
    expect(desk?.attributes['deskwire.event.ids']).toEqual([deliver?.attributes['deskwire.event.id']]);
    expect(deliver?.parentId).toBe(desk?.id);
  });

  it('show each try, and a replay as a trace of its own', async () => {
    zulip.answerNext({ status: 500, body: {} }, { status: 400, body: { result: 'error', code: 'BAD', msg: 'No.' } });
    const answer = await post();
    const kept = await waitUntil(async () => {
      const row = await delivery(answer);
      // What it waits for is not what this is about.
      await client.query(`update deliveries set next_attempt_at = now(), in_doubt = false where id = $1`, [row['id']]);
      return row['state'] === 'dead' && row;
    });
    const traceId = String(kept['traceparent']).slice(3, 35);
    const tries = await waitUntil(() => {
      const found = collector.spans.filter((span) => span.traceId === traceId && span.name === 'deliver');
      return found.length === 2 && found;
    });
    expect(tries.map(({ isError, attributes }) => [isError, attributes])).toEqual([
      [
        true,
        expect.objectContaining({
          'deskwire.attempt.number': 1,
          'deskwire.outcome': 'retry',
          'error.type': 'server_error',
        }),
      ],
      [
        true,
        expect.objectContaining({
          'deskwire.attempt.number': 2,
          'deskwire.outcome': 'rejected',
          'error.type': 'invalid',
        }),
      ],
    ]);

    const { status } = await admin('POST', `/deliveries/${String(kept['id'])}/replay`);
    expect(status).toBeLessThan(300);
    const replay = await waitUntil(() =>
      collector.spans.find((span) => span.name === 'deliver' && span.links.length > 0),
    );
    const [, original, webhook] = String(kept['traceparent']).split('-');
    expect(replay).toMatchObject({ parentId: undefined, links: [`${original}/${webhook}`] });
    expect(replay.traceId).not.toBe(traceId);
  });

  it('are offered to webhooks, and leave what is not traced as it was', async () => {
    const made = await admin('POST', '/destinations', {
      name: 'Endpoint',
      kind: 'webhook',
      settings: { url: endpoint.url },
    });
    const { body: route } = await admin('POST', '/routes', {
      name: 'All to the endpoint',
      matchers: [],
      destination_id: made.body['id'],
      settings: { stop: true },
      position: 1,
    });
    expect(route['id']).toEqual(expect.any(String));
    const traced = await post({ traceparent: `00-${TRACE}-${SENDER}-01` });
    expect((await delivery(traced))['destination_id']).toBe(made.body['id']);
    const { POST: request } = await spans(TRACE, ...WHOLE);
    expect(endpoint.heard.map(({ headers }) => headers['traceparent'])).toEqual([`00-${TRACE}-${request?.id}-01`]);

    const untraced = await start('api');
    try {
      collector.spans.length = 0;
      const answer = await post({ traceparent: `00-${TRACE}-${SENDER}-01` }, hookUrl.replace(api.url, untraced.url));
      expect(answer.status).toBe(202);
      expect((await delivery(answer))['traceparent']).toBeNull();
      await waitUntil(() => endpoint.heard.length === 2);
      expect(endpoint.heard[1]?.headers).not.toHaveProperty('traceparent');
      await waitUntil(async () => (await delivery(answer))['state'] === 'delivered');
    } finally {
      await untraced.stop();
    }
    expect(collector.spans).toEqual([]);
  });
});
