import { call, TestGateway } from '../support/test-gateway.js';

// The story: class-validator judges every element of a list, also of one that is refused for its length, and compares each
// with all others where none may stand twice. A list of 80,000 numbers, sent with the key of a source, stopped the process
// for seconds; 400,000 empty matchers came back as 225 MB of faults, twice. Longer lists than any of ours are refused
// before anybody looks at them, and no more than twenty faults are named.
describe('lists without end', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  const zeros = (length: number): number[] => Array.from({ length }, () => 0);

  it('are refused before they are judged', async () => {
    const register = await call(`${gateway.url}/webhooks/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ callback_url: 'https://example.org/x', events: zeros(400_000) }),
    });
    expect([register.status, register.body['detail']]).toEqual([400, 'events: holds too many values']);
    const route = await gateway.api('POST', '/routes', { name: 'x', matchers: zeros(400_000).map(() => ({})) });
    expect([route.status, route.body['detail']]).toEqual([400, 'matchers: holds too many values']);
    const source = await gateway.api('POST', '/sources', {
      name: 'x',
      provider: 'faveo',
      settings: { agents: Object.fromEntries(zeros(3_000).map((_zero, index) => [index, 'x'])) },
    });
    expect([source.status, source.body['detail']]).toEqual([400, 'settings.agents: holds too many values']);
    const nested = await gateway.api('POST', '/routes', { name: 'x', matchers: zeros(30).map(() => zeros(1_000)) });
    expect([nested.status, nested.body['detail']]).toEqual([400, 'body: holds too many values']);
  });

  it('have their first twenty faults named', async () => {
    const { status, body } = await gateway.api('POST', '/routes', {
      name: 'x',
      matchers: zeros(1_000).map(() => ({})),
    });
    expect(status).toBe(400);
    expect(body['errors']).toHaveLength(20);
    expect(body['detail']).toMatch(/; and \d+ more faults$/);
  });
});
