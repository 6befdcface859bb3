import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFixtures } from '../../src/providers/testing/load-fixtures.js';
import { call, TestGateway } from '../support/test-gateway.js';

/** A message as it stands in the sandbox, line by line. */
interface Shown {
  topic: string;
  content: string[];
}

const PROVIDERS = join(__dirname, '../../src/providers');
const EXPECTED = join(__dirname, 'provider-messages');
const providers = readdirSync(PROVIDERS).filter((name) => existsSync(join(PROVIDERS, name, 'fixtures')));

/**
 * What people read in Zulip of every webhook that the providers' fixtures hold, among them all examples of the
 * helpdesks' own documents. After a wanted change: UPDATE_MESSAGES=1 npm test -- provider-messages, and read the
 * difference.
 */
describe.each(providers)('the messages of %s', (provider) => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it('are exactly as they were read and approved', async () => {
    const file = join(EXPECTED, `${provider}.json`);
    const shown: Record<string, Shown[]> = {};
    for (const fixture of loadFixtures(join(PROVIDERS, provider, 'fixtures'))) {
      // A source of its own, so that no other fixture has chosen the ticket's topic.
      const { body: source } = await gateway.api('POST', '/sources', { name: fixture.name, provider });
      const { headers, query, rawBody } = fixture.makeRequest();
      const address = `${String(source['hook_url'])}?${new URLSearchParams(query).toString()}`;
      const answer = await call(address, { method: 'POST', headers: { ...headers }, body: new Uint8Array(rawBody) });
      if (answer.status !== 202) continue;
      await gateway.settledDeliveries(`&source_id=${String(source['id'])}`);
      shown[fixture.name] = [];
    }
    for (const delivery of await gateway.settledDeliveries()) {
      const { body } = await gateway.api('GET', `/deliveries/${String(delivery['id'])}?include=event`);
      const { source } = body['event'] as { source: { name: string } };
      const message = await messageOf(delivery['message_id']);
      if (message) shown[source.name]?.push(message);
      else expect(delivery).toMatchObject({ state: 'skipped', reason: 'nothing_to_say' });
    }
    if (process.env['UPDATE_MESSAGES'] === '1') writeFileSync(file, `${JSON.stringify(shown, null, 2)}\n`);
    expect(shown).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  }, 120_000);

  let messages: Awaited<ReturnType<TestGateway['sandboxMessages']>> | undefined;
  const messageOf = async (id: unknown): Promise<Shown | undefined> => {
    messages ??= await gateway.sandboxMessages();
    const message = messages.find((sent) => sent.id === id);
    return message && { topic: message.subject, content: message.content.split('\n') };
  };
});
