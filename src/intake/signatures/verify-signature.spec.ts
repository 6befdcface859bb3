import { outcomeOf, type Signer, SIGNERS } from './testing/signers.js';
import type { SignatureSettings } from './signature-checks.js';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const BODY = Buffer.from('{"say": "hello"}');
const SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDE=';
const OLD_SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDA=';

describe.each(SIGNERS)('the signature of $name', ({ settings, sign, headerNames, hasTime }: Signer) => {
  const secrets = { signing_secrets: [SECRET] };
  const headers = sign(SECRET, BODY, NOW);

  it('lets in what is signed, and nothing else', () => {
    expect(outcomeOf({ headers, rawBody: BODY }, { settings, secrets }, NOW)).toBe('verified');
    expect(outcomeOf({ headers: sign(OLD_SECRET, BODY, NOW), rawBody: BODY }, { settings, secrets }, NOW)).toMatch(
      /^The value of the header [\w-]+ does not fit\.$/,
    );
  });

  it('takes any of several secrets', () => {
    const rotated = { signing_secrets: [SECRET, OLD_SECRET] };
    for (const secret of rotated.signing_secrets) {
      const signed = { headers: sign(secret, BODY, NOW), rawBody: BODY };
      expect(outcomeOf(signed, { settings, secrets: rotated }, NOW)).toBe('verified');
    }
  });

  it.each(Object.entries(headerNames))('names the header %s where it is missing', (name, shown) => {
    for (const value of [undefined, '', ' ']) {
      const rest = Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
      const spoiled = { headers: value === undefined ? rest : { ...rest, [name]: value }, rawBody: BODY };
      expect(outcomeOf(spoiled, { settings, secrets }, NOW)).toBe(`The header ${shown} is missing.`);
    }
  });

  it.each(Object.keys(headerNames))('refuses %s sent twice', (name) => {
    const value = headers[name] ?? '';
    const doubled = { headers: { ...headers, [name]: `${value}, ${value}` }, rawBody: BODY };
    expect(outcomeOf(doubled, { settings, secrets }, NOW)).toMatch(/^The (value of the )?header [\w-]+ (is malf|does)/);
  });

  it('has a replay window of five minutes if it has a time', () => {
    const outcomes = [-301, -300, -299, 0, 299, 300, 301].map((seconds) =>
      outcomeOf({ headers, rawBody: BODY }, { settings, secrets }, new Date(NOW.getTime() + seconds * 1_000)),
    );
    const inTime = Array<string>(5).fill('verified');
    const late: unknown = hasTime
      ? expect.stringMatching(/^The time in the header [\w-]+ is more than five/)
      : 'verified';
    expect(outcomes).toEqual([late, ...inTime, late]);
  });

  it.each([
    ['none', {}],
    ['an empty list', { signing_secrets: [] }],
    ['an empty one', { signing_secrets: ['', ' '] }],
  ])('lets nothing in where the secret is %s', (_what, without) => {
    for (const secret of ['', ' ', SECRET]) {
      const signed = { headers: sign(secret, BODY, NOW), rawBody: BODY };
      expect(outcomeOf(signed, { settings, secrets: without }, NOW)).toBe(
        'The source has no secret to check a signature with.',
      );
    }
  });
});

describe('Basic authentication', () => {
  const BASIC = 'deskwire:correct horse: battery';
  const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const knock = (authorization: string | undefined, basic: string, settings: SignatureSettings = {}): string =>
    outcomeOf(
      { headers: authorization === undefined ? {} : { authorization }, rawBody: BODY },
      { settings, secrets: { basic, signing_secrets: [SECRET] } },
      NOW,
    );

  it.each([encode(BASIC), encode(BASIC).replace('Basic ', 'basic   ')])('takes %s', (authorization) => {
    expect(knock(authorization, BASIC)).toBe('verified');
  });

  it('is UTF-8', () => {
    expect(knock(encode('büro:pässwort'), 'büro:pässwort')).toBe('verified');
  });

  it.each([undefined, '', ' '])('says what is missing (%p)', (authorization) => {
    expect(knock(authorization, BASIC)).toBe('The header Authorization is missing.');
  });

  it.each([
    'Basic',
    'Basic ',
    'Bearer x',
    BASIC,
    `Basic ${BASIC}`,
    encode('deskwire:'),
    encode('deskwire'),
    encode(`${BASIC}!`),
    encode(BASIC).replace(/=+$/, ''),
    `${encode(BASIC)}, ${encode(BASIC)}`,
  ])('refuses %s', (authorization) => {
    expect(knock(authorization, BASIC)).toBe('The value of the header Authorization does not fit.');
  });

  it.each(['', 'nobody'])('lets nothing in where it is set to %p', (basic) => {
    expect(knock(encode(basic), basic)).toMatch(/^The (value of the )?header Authorization/);
    expect(knock(encode(':'), basic)).toBe('The value of the header Authorization does not fit.');
  });

  it.each(SIGNERS)('is needed beside the signature of $name where both are set', ({ settings, sign }) => {
    const headers = { ...sign(SECRET, BODY, NOW), authorization: encode(BASIC) };
    const source = { settings, secrets: { basic: BASIC, signing_secrets: [SECRET] } };
    const { authorization, ...unknown } = headers;
    expect(outcomeOf({ headers, rawBody: BODY }, source, NOW)).toBe('verified');
    expect(outcomeOf({ headers: unknown, rawBody: BODY }, source, NOW)).toBe('The header Authorization is missing.');
    expect(outcomeOf({ headers: { authorization }, rawBody: BODY }, source, NOW)).toMatch(
      /^The header .+ is missing\.$/,
    );
  });
});

describe('a source', () => {
  it('that asks for nothing takes what comes', () => {
    const request = { headers: {}, rawBody: BODY };
    expect(outcomeOf(request, { settings: {}, secrets: { signing_secrets: [SECRET] } }, NOW)).toBe('verified');
  });

  it.each(['constructor', '__proto__', 'none', ''])('that names the signature %p takes nothing', (signature) => {
    const settings = { signature } as unknown as SignatureSettings;
    const source = { settings, secrets: { signing_secrets: [SECRET] } };
    expect(outcomeOf({ headers: {}, rawBody: BODY }, source, NOW)).toBe(
      'The source names a signature that is not known here.',
    );
  });
});
