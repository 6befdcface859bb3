import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { runToEnd } from '../../../test/support/run-to-end.js';
import { outcomeOf } from './testing/signers.js';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const BODY = Buffer.from('{"say": "hello"}');
const SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDE=';
const LIBRARY = new Webhook(SECRET);
const GOOD = LIBRARY.sign('msg_1', NOW, BODY);

const signed = (signature: string, id = 'msg_1'): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(NOW.getTime() / 1_000),
  'webhook-signature': signature,
});

const verify = (headers: Record<string, string>, rawBody = BODY, secret = SECRET): string =>
  outcomeOf({ headers, rawBody }, { settings: { signature: 'standard' }, secrets: { signing_secrets: [secret] } }, NOW);

describe('Standard Webhooks', () => {
  it('fit the signature in the tests of their library', () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const source = {
      settings: { signature: 'standard' as const },
      secrets: { signing_secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] },
    };
    const request = { headers, rawBody: Buffer.from('{"test": 2432232314}') };
    expect(outcomeOf(request, source, new Date(1_614_265_330_000))).toBe('verified');
  });

  it.each([
    ['the library made', GOOD],
    ['is one of several', `v1,${'A'.repeat(43)}= ${GOOD}`],
    ['comes after one by a key pair', `v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5Bdqz== ${GOOD}`],
    ['comes before one of another version', `${GOOD}  v2,abc`],
  ])('take a signature that %s', (_what, signature) => {
    expect(verify(signed(signature))).toBe('verified');
  });

  it.each([
    ['is of another version', GOOD.replace('v1,', 'v1a,'), 'The value of the header webhook-signature does not fit.'],
    ['lacks its end', GOOD.slice(0, -1), 'The value of the header webhook-signature does not fit.'],
    ['has no version', GOOD.replace('v1,', ''), 'The header webhook-signature is malformed.'],
    ['came in two headers', `v1,x, ${GOOD}`, 'The header webhook-signature is malformed.'],
  ])('refuse a signature that %s', (_what, signature, message) => {
    expect(verify(signed(signature))).toBe(message);
  });

  it.each(['msg.1', 'msg 1', 'msg_é'])('refuse the id %s', (id) => {
    expect(verify(signed(LIBRARY.sign(id, NOW, BODY), id))).toBe('The header webhook-id is malformed.');
  });

  it('refuse bytes that moved from the body into the id', () => {
    const body = Buffer.from(`${NOW.getTime() / 1_000}.{}`);
    const moved = { ...signed(LIBRARY.sign('msg_1', NOW, body)), 'webhook-id': `msg_1.${NOW.getTime() / 1_000}` };
    expect(verify(moved, Buffer.from('{}'))).toBe('The header webhook-id is malformed.');
  });

  it.each(['1e9', '-1', '1782907200.5', '0x1', '9'.repeat(13)])('refuse the time %s', (time) => {
    expect(verify({ ...signed(GOOD), 'webhook-timestamp': time })).toBe('The header webhook-timestamp is malformed.');
  });

  it.each([SECRET, `whsec_${SECRET}`])('take the secret %s', (secret) => {
    expect(verify(signed(GOOD), BODY, secret)).toBe('verified');
  });

  it.each(['not-base64!', 'whsec_not-base64!', 'c2VjcmV0'])('take the text %s itself for the key', (secret) => {
    const signature = new Webhook(secret, { format: 'raw' }).sign('msg_1', NOW, BODY);
    expect(verify(signed(signature), BODY, secret)).toBe('verified');
  });

  it('do not take a prefix for a key', () => {
    const signature = new Webhook('whsec_', { format: 'raw' }).sign('msg_1', NOW, BODY);
    expect(verify(signed(signature), BODY, 'whsec_')).toBe('The value of the header webhook-signature does not fit.');
  });

  it('sign bytes, not the text that they may be', () => {
    const [body, other] = [Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xfe, 0x22])];
    const content = Buffer.concat([Buffer.from(`msg_1.${NOW.getTime() / 1_000}.`), body]);
    const signature = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(content).digest('base64');
    expect(verify(signed(`v1,${signature}`), body)).toBe('verified');
    expect(verify(signed(`v1,${signature}`), other)).toBe('The value of the header webhook-signature does not fit.');
  });

  it('are checked once a secret, however many signatures come', () => {
    const secrets = { signing_secrets: Array.from({ length: 10 }, (_, index) => `${SECRET}${index}`) };
    const headers = signed(`v1,${'A'.repeat(43)}= `.repeat(20_000));
    const request = { headers, rawBody: Buffer.alloc(1_048_576, 'a') };
    const source = { settings: { signature: 'standard' as const }, secrets };
    expect(runToEnd(() => outcomeOf(request, source, NOW))).toBe(
      'The value of the header webhook-signature does not fit.',
    );
  });
});
