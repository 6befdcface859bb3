import type { InboundRequest } from '../../../ticket-event/provider-adapter.js';
import { makeTemplateDocument } from './template-document.js';

const requestOf = (body: unknown, headers: Record<string, string> = {}): InboundRequest => ({
  body,
  headers,
  query: {},
  rawBody: Buffer.alloc(0),
});

const bodyOf = (body: unknown): unknown => makeTemplateDocument(requestOf(body)).body;

describe('what templates see', () => {
  it('is the body as it came', () => {
    const body = { id: 9, ok: false, none: null, tags: ['a', { b: [[1.5]] }], text: 'x'.repeat(65_537) };
    expect(bodyOf(body)).toEqual(body);
    expect(bodyOf('text')).toBe('text');
    expect(bodyOf(undefined)).toBeUndefined();
  });

  it('has prototype keys as keys like any other', () => {
    const body = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as object;
    const copy = bodyOf(body) as object;
    expect(Object.keys(copy)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('is the beginning of what is huge', () => {
    expect(bodyOf('x'.repeat(65_538))).toBe('x'.repeat(65_537));
    expect(bodyOf(Array.from({ length: 1_001 }, () => 1))).toHaveLength(1_000);
    expect(Object.keys(bodyOf(fields(2_001)) as object)).toHaveLength(2_000);
    const lists = Array.from({ length: 20 }, () => Array.from({ length: 1_000 }, () => 1));
    // Each list counts as a value, and so does the list of them.
    expect((bodyOf(lists) as number[][]).flat()).toHaveLength(10_000 - 11);
  });

  it('nests as deeply as intake parses', () => {
    let deep: unknown = 'bottom';
    for (let depth = 0; depth < 100; depth += 1) deep = [deep];
    expect(JSON.stringify(bodyOf(deep))).toBe(JSON.stringify(deep));
    expect(JSON.stringify(bodyOf([deep]))).toBe(`${'['.repeat(100)}null${']'.repeat(100)}`);
  });

  it('has no credentials among the headers', () => {
    const { headers } = makeTemplateDocument(
      requestOf(null, {
        'content-type': 'application/json',
        'x-event': 'created',
        'idempotency-key': 'a-1',
        'x-idempotency-key': 'a-2',
        'webhook-id': 'msg_1',
        authorization: 'Bearer x',
        'proxy-authorization': 'Basic x',
        cookie: 'a=b',
        'x-api-key': 'x',
        apikey: 'x',
        'x-gitlab-token': 'x',
        'x-hub-signature-256': 'sha256=x',
        'x-shared-secret': 'x',
        'x-password': 'x',
        'x-original-uri': '/hooks/generic/token',
      }),
    );
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-event': 'created',
      'idempotency-key': 'a-1',
      'x-idempotency-key': 'a-2',
      'webhook-id': 'msg_1',
    });
  });
});

function fields(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, index]));
}
