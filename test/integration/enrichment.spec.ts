import { FakeGroove } from '../support/fake-groove.js';
import { type SandboxMessage, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

/** A reply as Groove sends it: addresses and a number. */
function reply(id: string, ticket = 440): object {
  return {
    id,
    plain_text_body: 'It is on its way.',
    created_at: '2017-12-14 15:54:26 UTC',
    links: {
      author: { href: 'http://api.groovehq.com/v1/agents/agent@example.com' },
      ticket: { href: `http://api.groovehq.com/v1/tickets/${ticket}` },
    },
    app_ticket_url: 'https://example.groovehq.com/groove_client/tickets/68666538',
  };
}

const WITH_NAMES = {
  subject: '#440 Where is my order?',
  content:
    'Ada Agent has replied to a ticket\n' +
    '[Ticket #440 Where is my order?](https://example.groovehq.com/groove_client/tickets/68666538)\n' +
    '> It is on its way.',
};
const WITHOUT = {
  subject: '#441',
  content:
    'agent@example.com has replied to a ticket\n' +
    '[Ticket #441](https://example.groovehq.com/groove_client/tickets/68666538)\n' +
    '> It is on its way.',
};

describe('enrichment of deliveries', () => {
  let gateway: TestGateway;
  let groove: FakeGroove;
  let hookUrl: string;

  beforeEach(async () => {
    groove = await FakeGroove.start();
    groove.agents.set('agent@example.com', { email: 'agent@example.com', first_name: 'Ada', last_name: 'Agent' });
    groove.tickets.set('440', { number: 440, title: 'Where is my order?' });
    gateway = await TestGateway.start();
    const source = await gateway.api('POST', '/sources', {
      name: 'With a token',
      provider: 'groove',
      settings: { api_url: groove.url },
      secrets: { api_token: groove.token },
    });
    hookUrl = String(source.body['hook_url']);
  });
  afterEach(async () => {
    await gateway.stop();
    await groove.stop();
  });

  const messages = (count: number): Promise<SandboxMessage[]> =>
    waitUntil(async () => {
      const all = await gateway.sandboxMessages();
      return all.length === count && all;
    });

  it('shows the names and the title that the API knows; the log keeps what was sent', async () => {
    const { body } = await gateway.groove('agent_replied', reply('1'), hookUrl);
    expect(await messages(1)).toMatchObject([WITH_NAMES]);
    const [id] = body['event_ids'] as string[];
    const { body: stored } = await gateway.api('GET', `/events/${String(id)}`);
    expect(stored).toMatchObject({ actor: { email: 'agent@example.com', kind: 'agent' } });
    expect(JSON.stringify(stored)).not.toContain('Ada');
    expect(JSON.stringify(stored)).not.toContain('Where is my order?');
  });

  it('asks nothing for a source without a token', async () => {
    await gateway.groove('agent_replied', reply('1', 441));
    expect(await messages(1)).toMatchObject([WITHOUT]);
    expect(groove.heard).toEqual([]);
  });

  it('delivers all the same when the API is dead', async () => {
    await groove.stop();
    await gateway.groove('agent_replied', reply('1', 441), hookUrl);
    expect(await messages(1)).toMatchObject([WITHOUT]);
    expect(await gateway.settledDeliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  it('lets the messages of other helpdesks pass while one is asked', async () => {
    groove.misbehave(() => 'hang');
    await gateway.groove('agent_replied', reply('1', 441), hookUrl);
    await gateway.groove('agent_replied', reply('2', 441), hookUrl);
    await gateway.groove('agent_replied', { ...reply('3', 7), plain_text_body: 'Of another.' });
    const all = await messages(3);
    const texts = all.map(({ subject, content }) => `${subject} ${content.split('> ')[1] ?? ''}`);
    expect(texts).toEqual(['#7 Of another.', '#441 It is on its way.', '#441 It is on its way.']);
  });

  it('waits once for an API that does not answer, and then leaves it alone', async () => {
    groove.misbehave(() => 'hang');
    await gateway.groove('agent_replied', reply('1', 441), hookUrl);
    await messages(1);
    await gateway.groove('agent_replied', reply('2', 441), hookUrl);
    expect(await messages(2)).toMatchObject([WITHOUT, WITHOUT]);
    expect([...groove.asked].sort()).toEqual(['GET /v1/agents/agent@example.com', 'GET /v1/tickets/441']);
  });
});
