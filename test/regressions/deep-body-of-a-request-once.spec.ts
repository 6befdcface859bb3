import { call, TestGateway } from '../support/test-gateway.js';

const DEEP = `{"name": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;

// The story: what tells one request with an Idempotency-Key from another was made of its body before anybody had looked
// how deep that nests, and so was what the ticket desk keeps of a request: the stack ran out, and a fault of the sender's
// was answered as one of ours.
it.each([
  ['/api/v1/sources', { 'idempotency-key': 'once' }],
  ['/api/v1/routes', { 'idempotency-key': 'once' }],
  ['/tickets', {}],
  ['/tickets', { 'idempotency-key': 'once' }],
])('a body that nests without end is refused: POST %s with %j', async (path, headers) => {
  const gateway = await TestGateway.start();
  try {
    const { status, body } = await call(gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json', ...headers },
      body: DEEP,
    });
    expect([status, body['code']]).toEqual([400, 'validation_failed']);
    expect(body['detail']).toMatch(/nests too deeply$/);
  } finally {
    await gateway.stop();
  }
});
