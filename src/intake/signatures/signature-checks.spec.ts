import { createHmac } from 'node:crypto';
import type { SignatureSettings } from './signature-checks.js';
import { outcomeOf } from './testing/signers.js';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const BODY = Buffer.from('{"say": "hello"}');
const SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDE=';

const verify = (
  headers: Record<string, string>,
  settings: SignatureSettings,
  { secret = SECRET, body = BODY, now = NOW } = {},
): string => outcomeOf({ headers, rawBody: body }, { settings, secrets: { signing_secrets: [secret] } }, now);

describe('Zendesk', () => {
  const settings: SignatureSettings = { signature: 'zendesk' };
  const signed = (signature: string, time: string): Record<string, string> => ({
    'x-zendesk-webhook-signature': signature,
    'x-zendesk-webhook-signature-timestamp': time,
  });

  /** Zendesk's first example was made with the body first; it has said since that the time comes first. */
  it('signs the time before the body', () => {
    const secret = 'HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=';
    const time = '2021-07-25T10:00:00Z';
    const now = new Date('2021-07-25T10:00:01Z');
    expect(verify(signed('tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=', time), settings, { secret, now })).toBe(
      'The value of the header X-Zendesk-Webhook-Signature does not fit.',
    );
    expect(verify(signed('Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=', time), settings, { secret, now })).toBe(
      'verified',
    );
  });

  it('signs the time as it is spelled', () => {
    const time = '2026-07-01T12:00:00.000001Z';
    const signature = createHmac('sha256', SECRET).update(`${time}${BODY.toString()}`).digest('base64');
    expect(verify(signed(signature, time), settings)).toBe('verified');
    expect(verify(signed(signature, '2026-07-01T12:00:00Z'), settings)).toMatch(/does not fit/);
  });

  it.each([
    '1782907200',
    '2026-07-01',
    '2026-07-01T12:00:00',
    '2026-07-01T12:00',
    '2026-13-01T12:00:00Z',
    '2026-07-01T12:00:00Z{',
    ' 2026-07-01T12:00:00Z',
  ])('does not take %p for a time, though it be signed', (time) => {
    const signature = createHmac('sha256', SECRET).update(`${time}${BODY.toString()}`).digest('base64');
    expect(verify(signed(signature, time), settings)).toBe(
      'The header X-Zendesk-Webhook-Signature-Timestamp is malformed.',
    );
  });

  it('signs a webhook without a body', () => {
    const time = '2026-07-01T12:00:00Z';
    const signature = createHmac('sha256', SECRET).update(time).digest('base64');
    expect(verify(signed(signature, time), settings, { body: Buffer.alloc(0) })).toBe('verified');
  });
});

describe('Jira', () => {
  const settings: SignatureSettings = { signature: 'jira' };
  const hex = 'a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
  const known = { secret: "It's a Secret to Everybody", body: Buffer.from('Hello World!') };

  it('signs as WebSub does', () => {
    expect(verify({ 'x-hub-signature': `sha256=${hex}` }, settings, known)).toBe('verified');
  });

  it.each([hex, `sha1=${hex.slice(0, 40)}`, `sha256=${hex}0`, `sha256=${hex.slice(1)}`, `sha256=${'x'.repeat(64)}`])(
    'does not write %s',
    (value) => {
      expect(verify({ 'x-hub-signature': value }, settings, known)).toBe('The header X-Hub-Signature is malformed.');
    },
  );
});

describe('HMAC-SHA256 in a header', () => {
  const digest = createHmac('sha256', SECRET).update(BODY).digest();
  const hex = digest.toString('hex');
  const base64 = digest.toString('base64');
  const check = (value: string, settings: Omit<SignatureSettings, 'signature'>): string =>
    verify({ 'x-signature': value }, { signature: 'hmac-sha256', ...settings });

  it.each([hex, hex.toUpperCase(), `sha256=${hex}`, `SHA256=${hex}`])('is hex unless it is said: %s', (value) => {
    expect(check(value, { signature_header: 'X-Signature' })).toBe('verified');
    expect(check(value, { signature_header: 'x-signature', signature_encoding: 'hex' })).toBe('verified');
    expect(check(value, { signature_header: 'X-Signature', signature_encoding: 'base64' })).toMatch(/does not fit/);
  });

  it.each([base64, `sha256=${base64}`])('can be base64: %s', (value) => {
    expect(check(value, { signature_header: 'X-SIGNATURE', signature_encoding: 'base64' })).toBe('verified');
    expect(check(value, { signature_header: 'X-Signature' })).toMatch(/does not fit/);
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not find the header %s in a prototype', (name) => {
    expect(check(hex, { signature_header: name })).toBe(`The header ${name} is missing.`);
  });

  it('does not take a header that a request only inherits', () => {
    const headers = Object.create({ 'x-signature': hex }) as Record<string, string>;
    expect(verify(headers, { signature: 'hmac-sha256', signature_header: 'X-Signature' })).toBe(
      'The header X-Signature is missing.',
    );
  });

  it('has to be told the header', () => {
    expect(check(hex, {})).toBe('The source does not say which header holds its signature.');
  });
});

describe('a shared secret in a header', () => {
  const settings: SignatureSettings = { signature: 'shared-secret', signature_header: 'X-Helpdesk-Secret' };
  const check = (value: string, secret: string): string => verify({ 'x-helpdesk-secret': value }, settings, { secret });

  it('fits as it is', () => {
    expect(check(SECRET, SECRET)).toBe('verified');
    expect(
      verify(
        { authorization: `Bearer ${SECRET}` },
        { ...settings, signature_header: 'Authorization' },
        {
          secret: `Bearer ${SECRET}`,
        },
      ),
    ).toBe('verified');
  });

  it.each([SECRET.slice(1), `${SECRET}x`, SECRET.toLowerCase(), 'x', 'x'.repeat(10_000)])('is not %.50s', (value) => {
    expect(check(value, SECRET)).toBe('The value of the header X-Helpdesk-Secret does not fit.');
  });

  it('is UTF-8, which arrives as one character a byte', () => {
    expect(check(Buffer.from('schlüssel-€').toString('latin1'), 'schlüssel-€')).toBe('verified');
  });
});
