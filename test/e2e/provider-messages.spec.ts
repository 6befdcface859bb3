import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadFixtures } from '../../src/providers/testing/load-fixtures.js';
import { call, type SandboxMessage, TestGateway } from '../support/test-gateway.js';

/** A message as it stands in the sandbox, line by line. */
interface Shown {
  topic: string;
  content: string[];
}

type Messages = Record<string, Shown[]>;
type Delivery = Record<string, unknown>;

/** What is shown of the fixtures where a source has these settings. */
interface Round {
  settings: Record<string, unknown>;
  /** By fixture; of all rounds but the first, only what differs from it. */
  messages: Messages;
}

const PROVIDERS = join(__dirname, '../../src/providers');
const UPDATE = 'UPDATE_MESSAGES=1 npm test -- provider-messages';
const isUpdate = process.env['UPDATE_MESSAGES'] === '1';
const providers = readdirSync(PROVIDERS).filter((name) => existsSync(join(PROVIDERS, name, 'fixtures')));

/**
 * What people read in Zulip of every webhook that the providers' fixtures hold, among them all examples of the
 * helpdesks' own documents: `messages.json` beside the fixtures. Its settings are written by hand, its messages by
 * `UPDATE_MESSAGES=1 npm test -- provider-messages`; read the difference.
 */
describe.each(providers)('the messages of %s', (provider) => {
  it('are exactly as they were read and approved', async () => {
    const file = join(PROVIDERS, provider, 'messages.json');
    const approved = readRounds(file);
    const shown: Round[] = [];
    for (const { settings } of approved) {
      const messages = await showAll(provider, settings);
      const [first] = shown;
      shown.push({ settings, messages: first ? differences(messages, first.messages) : messages });
    }
    if (isUpdate) writeFileSync(file, `${JSON.stringify(shown, null, 2)}\n`);
    else expect(shown).toEqual(approved);
  }, 120_000);
});

async function showAll(provider: string, settings: Round['settings']): Promise<Messages> {
  const gateway = await TestGateway.start();
  try {
    const deliveries = new Map<string, Delivery[]>();
    for (const fixture of loadFixtures(join(PROVIDERS, provider, 'fixtures'))) {
      // A source of its own, so that no other fixture has chosen the ticket's topic.
      const { body: source } = await gateway.api('POST', '/sources', { name: fixture.name, provider, settings });
      const { headers, query, rawBody } = fixture.makeRequest();
      const address = `${String(source['hook_url'])}?${new URLSearchParams(query).toString()}`;
      const answer = await call(address, { method: 'POST', headers: { ...headers }, body: new Uint8Array(rawBody) });
      if (answer.status !== 202) continue;
      deliveries.set(fixture.name, await gateway.settledDeliveries(`&source_id=${String(source['id'])}`));
    }
    const messages = await gateway.sandboxMessages();
    return Object.fromEntries(
      [...deliveries].map(([name, made]) => [name, made.flatMap((one) => shownOf(one, messages))]),
    );
  } finally {
    await gateway.stop();
  }
}

function shownOf(delivery: Delivery, messages: readonly SandboxMessage[]): Shown[] {
  const message = messages.find(({ id }) => id === delivery['message_id']);
  if (message) return [{ topic: message.subject, content: message.content.split('\n') }];
  expect(delivery).toMatchObject({ state: 'skipped', reason: 'nothing_to_say' });
  return [];
}

/** @throws Error where a provider's messages have not been written yet */
function readRounds(file: string): Round[] {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Round[];
  if (isUpdate) return [{ settings: {}, messages: {} }];
  throw new Error(`${file} is missing: write it with \`${UPDATE}\`, and read what it says.`);
}

function differences(messages: Messages, first: Messages): Messages {
  return Object.fromEntries(Object.entries(messages).filter(([name, shown]) => !isDeepStrictEqual(shown, first[name])));
}
