import { TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

type Row = Record<string, unknown>;

const RC = '[api]\nemail=a@b.example\nkey=k\nsite=https://x.example\n';
const LONG_URL = `https://chat.example.com/${'x'.repeat(2_000)}`;
const FUTURE = new Date(Date.now() + 3_600_000).toISOString();

/** Of any kind; each with the field that is named. */
const COMMON: [string, Row, string][] = [
  ['a name that is none', { name: 7 }, 'name'],
  ['a blank name', { name: '  ' }, 'name'],
  ['a null for a name', { name: null }, 'name'],
  ['a name without end', { name: 'x'.repeat(101) }, 'name'],
  ['an unknown kind', { kind: 'pigeon' }, 'kind'],
  ['settings that are a list', { settings: [] }, 'settings'],
  ['settings that are a text', { settings: 'channel' }, 'settings'],
  ['a null for settings', { settings: null }, 'settings'],
  ['secrets that are a list', { secrets: ['k'] }, 'secrets'],
  ['a null for secrets', { secrets: null }, 'secrets'],
  ['a zuliprc that is none', { zuliprc: {} }, 'zuliprc'],
  ['a zuliprc without end', { zuliprc: RC + '#'.repeat(4_000) }, 'zuliprc'],
  ['a time that is none', { disabled_at: 'yesterday' }, 'disabled_at'],
  ['a time in the future', { disabled_at: FUTURE }, 'disabled_at'],
  ['a word for true', { disabled: 'yes' }, 'disabled'],
  ['a null for true', { disabled: null }, 'disabled'],
  ['both ways to disable', { disabled: true, disabled_at: null }, 'disabled'],
  ['an unknown field', { colour: 'red' }, 'colour'],
  ['a version', { version: 9 }, 'version'],
];

const PACE: [string, Row, string][] = [
  ['a rate of nothing', { max_requests_per_minute: 0 }, 'settings.max_requests_per_minute'],
  ['half a request', { max_requests_per_minute: 1.5 }, 'settings.max_requests_per_minute'],
  ['a schedule of words', { retry_schedule_seconds: ['soon'] }, 'settings.retry_schedule_seconds'],
  ['a schedule without end', { retry_schedule_seconds: Array(51).fill(1) }, 'settings.retry_schedule_seconds'],
  ['a wait before now', { retry_schedule_seconds: [-1] }, 'settings.retry_schedule_seconds'],
  ['an unknown setting', { colour: 'red' }, 'settings.colour'],
];

const ZULIP: [string, Row, string][] = [
  ['a site that is none', { site: 'chat' }, 'settings.site'],
  ['a site of another protocol', { site: 'ftp://chat.example.com' }, 'settings.site'],
  ['a site with a user', { site: 'https://u:p@chat.example.com' }, 'settings.site'],
  ['a site without end', { site: LONG_URL }, 'settings.site'],
  ['an email that is none', { email: 'bot' }, 'settings.email'],
  ['a channel that is a number', { channel: 7 }, 'settings.channel'],
  ['a blank channel', { channel: ' ' }, 'settings.channel'],
  ['a channel without end', { channel: 'x'.repeat(61) }, 'settings.channel'],
  ['a topic without end', { topic: 'x'.repeat(59) }, 'settings.topic'],
  ['a word for true', { join: 'no' }, 'settings.join'],
  ['the address of a webhook', { url: 'https://hooks.example.com' }, 'settings.url'],
  ...PACE,
];

const WEBHOOK: [string, Row, string][] = [
  ['an address that is none', { url: 'hook' }, 'settings.url'],
  ['an address with a fragment', { url: 'https://hooks.example.com/#x' }, 'settings.url'],
  ['an unknown format', { format: 'xml' }, 'settings.format'],
  ['no event at all', { events: [] }, 'settings.events'],
  ['an unknown event', { events: ['ticket_exploded'] }, 'settings.events'],
  ['a channel', { channel: 'support' }, 'settings.channel'],
  ...PACE,
];

const ZULIP_SECRETS: [string, Row, string][] = [
  ['a key that is a number', { api_key: 7 }, 'secrets.api_key'],
  ['a blank key', { api_key: ' ' }, 'secrets.api_key'],
  ['a key without end', { api_key: 'x'.repeat(201) }, 'secrets.api_key'],
  ['an unknown secret', { api_key: 'k', token: 'x' }, 'secrets.token'],
];
const WEBHOOK_SECRETS: [string, Row, string][] = [
  ['a secret that is none', { signing_secret: 'secret' }, 'secrets.signing_secret'],
  ['a short secret', { signing_secret: 'whsec_c2hvcnQ=' }, 'secrets.signing_secret'],
  ['the key of a bot', { api_key: 'k' }, 'secrets.api_key'],
];
/** What a destination cannot be without. */
const NEEDED: Record<string, [string, Row, string][]> = {
  zulip: [
    ['no site', { settings: { site: null } }, 'settings.site'],
    ['no email', { settings: { email: null } }, 'settings.email'],
    ['no channel', { settings: { channel: null } }, 'settings.channel'],
    ['no key', { secrets: { api_key: null } }, 'secrets.api_key'],
    ['another kind', { kind: 'webhook' }, 'kind'],
  ],
  webhook: [
    ['no address', { settings: { url: null } }, 'settings.url'],
    ['no secret', { secrets: { signing_secret: null } }, 'secrets.signing_secret'],
    ['another kind', { kind: 'zulip' }, 'kind'],
  ],
};

const within = (place: string, cases: [string, Row, string][]): [string, Row, string][] =>
  cases.map(([what, fields, field]) => [what, { [place]: fields }, field]);

const KINDS = [
  {
    kind: 'zulip',
    settings: { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' },
    secrets: { api_key: 'not-shown-again' },
    wrong: [...COMMON, ...within('settings', ZULIP), ...within('secrets', ZULIP_SECRETS)],
  },
  {
    kind: 'webhook',
    settings: { url: 'https://hooks.example.com/hook' },
    secrets: {},
    wrong: [...COMMON, ...within('settings', WEBHOOK), ...within('secrets', WEBHOOK_SECRETS)],
  },
];

describe('what a destination cannot be made of', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  /** Nothing is half stored, and what runs goes on. */
  const unchanged = async (work: () => Promise<void>): Promise<void> => {
    const look = async (): Promise<string[]> =>
      Promise.all(
        ['/destinations?limit=500', '/changes?limit=500'].map(async (path) => (await gateway.api('GET', path)).text),
      );
    const before = await look();
    await work();
    expect(await look()).toEqual(before);
  };

  describe.each(KINDS)('a $kind', ({ kind, settings, secrets, wrong }) => {
    const body: Row = { name: `Good ${kind}`, kind, settings, ...(kind === 'zulip' && { secrets }) };
    let id: string;

    beforeAll(async () => {
      id = String((await gateway.api('POST', '/destinations', body)).body['id']);
    });

    const asPost = (fields: Row): Row => ({
      ...body,
      name: 'Bad',
      ...fields,
      ...('settings' in fields && isPlain(fields['settings']) && { settings: { ...settings, ...fields['settings'] } }),
    });

    it.each(wrong)('refuses %s, and names it', async (_what, fields, field) => {
      await unchanged(async () => {
        for (const [method, path, sent] of [
          ['POST', '/destinations', asPost(fields)],
          ['POST', '/destinations/check', asPost(fields)],
          ['PATCH', `/destinations/${id}`, fields],
        ] as const) {
          const answer = await gateway.api(method, path, sent);
          expect([method, answer.status, answer.body['code']]).toEqual([method, 400, 'validation_failed']);
          expect((answer.body['errors'] as Row[]).map((error) => error['field'])).toContain(field);
          expect(answer.text).not.toContain('not-shown-again');
        }
      });
    });

    it.each(NEEDED[kind] ?? [])('refuses a change to %s', async (_what, fields, field) => {
      await unchanged(async () => {
        const answer = await gateway.api('PATCH', `/destinations/${id}`, fields);
        expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
        expect((answer.body['errors'] as Row[]).map((error) => error['field'])).toContain(field);
      });
    });
  });

  it.each([
    ['a number', { detail: 7 }],
    ['a blank', { detail: ' ' }],
    ['null', { detail: null }],
    ['a novel', { detail: 'x'.repeat(201) }],
  ])('takes no %s for the reason of a pause', async (_what, body) => {
    const [first] = (await gateway.api('GET', '/destinations')).body.data;
    await unchanged(async () => {
      const answer = await gateway.api('POST', `/destinations/${String(first?.['id'])}/pause`, body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
      expect(answer.body['errors']).toContainEqual({ field: 'detail', message: expect.any(String) });
    });
  });

  it('leaves what runs as it was: a message still arrives', async () => {
    await gateway.groove('ticket_started', { number: 9, title: 'Still here' });
    const messages = await waitUntil(async () => {
      const all = await gateway.sandboxMessages();
      return all.length > 0 && all;
    });
    expect(messages).toMatchObject([{ display_recipient: 'support', subject: '#9 Still here' }]);
  });
});

function isPlain(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
