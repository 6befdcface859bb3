import type {
  ComposedMessage,
  Doubt,
  LookUpOutcome,
  Notifier,
  NotifierDestination,
  SendOutcome,
  TopicChange,
  TopicFinding,
} from '../notifier.js';
import { FAILURE_REASONS } from '../notifier.js';
import { TICKET_EVENT_TYPES } from '../../ticket-event/ticket-event.js';
import { buildEvent } from './event-builder.js';
import { type Script, ScriptedServer } from './scripted-server.js';

/** What the suite needs to know of a notifier. */
export interface NotifierUnderTest {
  make: () => Promise<Notifier>;
  /** What the destination must not tell; default: one with all sorts of characters. */
  secret?: string;
  /** A destination on the server at `url` that holds the secret. */
  destination: (url: string, secret: string) => NotifierDestination;
  /** What its receiver answers when all is well. */
  success: string;
  /** Whether any answer with a status of success says that all is well, whatever its body. */
  takesAnyBody?: boolean;
}

const ANY_SECRET = 'S3cr3t+Key/with=all&sorts?of%characters';
const TIME_LIMIT_MS = 300;
/** Generous, for a busy machine: without the limit most of these would last for minutes. */
const MUCH_LATER_MS = 10_000;
/** For what is answered at once, on such a machine too. */
const ENOUGH_MS = 20_000;
const LARGEST_RESPONSE = 16 * 1024;
const MESSAGE: ComposedMessage = { channel: 'support', topic: '#9 Test Subject', content: 'Hello' };
const DOUBT: Doubt = { message: MESSAGE, startedAt: new Date(), newerThan: 41 };

type Outcome = SendOutcome | LookUpOutcome | TopicFinding | TopicChange;

const DELIVERY_ID = '0199a000-0000-7000-8000-000000000001';

/** A server that answers 200, but with a body that no receiver would send. */
const STRANGE_BODIES: [string, Script][] = [
  ['answers with a page', (response) => void response.end('<html>Welcome</html>')],
  [
    'answers too slowly',
    (response) => {
      drip(response.writeHead(200));
    },
  ],
  ['answers with nothing in it', (response) => void response.end()],
  ['answers with rubbish', (response) => void response.end(Buffer.from([0, 0xff, 0xfe, 0x80, 0x7b]))],
  [
    'answers without end',
    (response) => {
      flood(response);
    },
  ],
  ['claims to have packed its answer', (response) => void response.setHeader('content-encoding', 'br').end('no')],
];

/** A hostile or failing server for every kind of trouble, by name. @param secret that it knows */
const troubles = (secret: string): [string, Script][] => [
  ['answers nothing', () => undefined],
  ['resets the connection', (response) => void response.socket?.resetAndDestroy()],
  [
    'resets the connection in mid-answer',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"result":', () => response.socket?.resetAndDestroy());
    },
  ],
  ['closes without an answer', (response) => void response.socket?.end()],
  ['speaks something else', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n\r\n')],
  ...[300, 301, 302, 303, 307, 308].map((status): [string, Script] => [
    `redirects with ${status}`,
    (response, { headers }) => response.writeHead(status, { location: `http://${headers.host ?? ''}/elsewhere` }).end(),
  ]),
  ...[400, 401, 403, 404, 409, 413, 418, 429, 500, 502, 503, 504].map((status): [string, Script] => [
    `answers ${status} and repeats what it got`,
    (response, { headers, path, body }) => {
      const secrets = `${secret} ${encodeURIComponent(secret)}`;
      response.writeHead(status).end(JSON.stringify({ headers, path, body, secrets }));
    },
  ]),
];

/**
 * What every notifier promises, over real sockets: never throws, keeps its time limit, follows no redirect, tells no
 * secret, and has something to say or a reason for every type of event.
 */
export function describeNotifier(name: string, underTest: NotifierUnderTest): void {
  const { make, destination, success, secret = ANY_SECRET, takesAnyBody = false } = underTest;
  const expectFailure = (outcome: Outcome): void => {
    expect(['retry', 'rejected', 'not_allowed', 'gone']).toContain(outcome.outcome);
    expectHonest(outcome, secret);
  };
  describe(`${name}, as every notifier`, () => {
    let server: ScriptedServer;
    let notifier: Notifier;
    const send = (): Promise<SendOutcome> =>
      notifier.send(MESSAGE, destination(server.url, secret), ENOUGH_MS, DELIVERY_ID);

    beforeAll(async () => {
      notifier = await make();
    });
    beforeEach(async () => {
      server = await ScriptedServer.start();
    });
    afterEach(() => server.stop());

    it('sends once when all is well', async () => {
      server.answer(200, success);
      expect(await send()).toMatchObject({ outcome: 'sent', httpStatus: 200 });
      expect(server.received).toHaveLength(1);
      expect(server.lastRequest.headers['user-agent']).toMatch(/^Deskwire\/\d/);
    });

    it('uses its connections again', async () => {
      server.answer(200, success);
      for (let times = 0; times < 6; times++) await send();
      // One to spare: a message that follows an answer at once may come before its connection is free again.
      expect(server.connections).toBeLessThanOrEqual(2);
    });

    it.each([...troubles(secret), ...STRANGE_BODIES])(
      'when the server %s: one request, one outcome, in time, without the secret',
      async (_what, script) => {
        const isStrange = STRANGE_BODIES.some(([, strange]) => strange === script);
        for (const index of requestsOf(notifier, destination(server.url, secret), TIME_LIMIT_MS).keys()) {
          // A server of its own: on a busy machine a request may arrive after its time was up.
          const own = await ScriptedServer.start();
          own.answerBy(script);
          const request = requestsOf(notifier, destination(own.url, secret), TIME_LIMIT_MS)[index];
          const startedAt = performance.now();
          const outcome = await request?.();
          expect(performance.now() - startedAt).toBeLessThan(MUCH_LATER_MS);
          expect(own.received.length).toBeLessThanOrEqual(1);
          await own.stop();
          if (!outcome) throw new Error('Nothing was asked.');
          if (isStrange && takesAnyBody) expectHonest(outcome, secret);
          else expectFailure(outcome);
        }
      },
    );

    it.each([...troubles(secret), ...STRANGE_BODIES])(
      'checks a server that %s: in time, without the secret',
      async (_what, script) => {
        server.answerBy(script);
        const startedAt = performance.now();
        const checks = await notifier.check(destination(server.url, secret), TIME_LIMIT_MS);
        expect(performance.now() - startedAt).toBeLessThan(MUCH_LATER_MS);
        expect(checks.length).toBeGreaterThan(0);
        expect(server.received.length).toBeLessThanOrEqual(checks.length + 1);
        for (const { detail } of checks) expectSentence(detail, secret);
      },
    );

    it('leaves no doubt where the connection never stood', async () => {
      const { url } = server;
      await server.stop();
      for (const request of requestsOf(notifier, destination(url, secret), ENOUGH_MS)) {
        const outcome = await request();
        expect(outcome).toMatchObject({ outcome: 'retry', reason: 'network', inDoubt: false });
        expectFailure(outcome);
      }
    });

    it('answers a destination without settings and secrets with an outcome', async () => {
      const empty = { id: 'd', name: 'empty', settings: {}, secrets: {} };
      const [send, ...others] = requestsOf(notifier, empty, ENOUGH_MS);
      expect(await send?.()).toMatchObject({ outcome: 'rejected', reason: 'invalid' });
      for (const request of others) expectFailure(await request());
      expect(typeof notifier.channelFor({}, empty)).toBe('string');
      expect((await notifier.check(empty, ENOUGH_MS))[0]).toMatchObject({ ok: false });
      expect(notifier.receiverOf(empty)).toBe('');
      expect(typeof notifier.accountOf(empty)).toBe('string');
    });

    it.each(TICKET_EVENT_TYPES)('composes %s, the same each time', (type) => {
      const event = buildEvent(type, {
        ticket: { number: '9', group: 'group2' },
        message: { text: 'Hi', is_internal: false },
        changes: [{ field: 'group', to: 'group2' }],
      });
      const input = { event, route: {}, destination: destination('http://127.0.0.1', secret) };
      const composition = notifier.compose(input);
      expect(composition.kind).toBe('message');
      expect(notifier.compose(input)).toEqual(composition);
      expect(JSON.stringify(composition)).not.toContain(secret);
    });
  });
}

/** Everything that a notifier asks its receiver for, sending first. */
function requestsOf(notifier: Notifier, destination: NotifierDestination, limitMs: number): (() => Promise<Outcome>)[] {
  const requests: (() => Promise<Outcome>)[] = [() => notifier.send(MESSAGE, destination, limitMs, DELIVERY_ID)];
  const lookUp = notifier.lookUp?.bind(notifier);
  if (lookUp) requests.push(() => lookUp(DOUBT, destination, limitMs));
  const { topics } = notifier;
  if (topics) {
    requests.push(
      () => topics.find(42, destination, limitMs),
      () => topics.setResolved(42, MESSAGE.topic, true, destination, limitMs),
    );
  }
  return requests;
}

/** It is one line for people, and does not tell the secret. */
function expectSentence(detail: string, secret: string): void {
  expect(detail).toMatch(/^\S.{10,500}\.$/);
  for (const form of [secret, encodeURIComponent(secret), ...inBase64(secret)]) expect(detail).not.toContain(form);
}

/** It is on the list of outcomes, and tells neither the secret nor too much. */
function expectHonest(outcome: Outcome, secret: string): void {
  if ('reason' in outcome) expect(FAILURE_REASONS).toContain(outcome.reason);
  const told = JSON.stringify(outcome);
  for (const form of [secret, encodeURIComponent(secret), ...inBase64(secret)]) expect(told).not.toContain(form);
  expect(Buffer.byteLength(outcome.response ?? '')).toBeLessThanOrEqual(LARGEST_RESPONSE);
}

/** The secret in Base64, wherever in a longer text it begins. */
function inBase64(secret: string): string[] {
  return ['', 'x', 'xx'].map((before) => Buffer.from(`${before}${secret}`).toString('base64').slice(4, -4));
}

function drip(response: NodeJS.WritableStream & { destroyed?: boolean }): void {
  const timer = setInterval(() => {
    if (response.destroyed) clearInterval(timer);
    else response.write(' ');
  }, 20);
  timer.unref();
}

function flood(response: NodeJS.WritableStream & { destroyed?: boolean }): void {
  const write = (): void => {
    if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(write));
  };
  write();
}
