import fc from 'fast-check';
import type { SignatureSettings } from './signature-checks.js';
import { outcomeOf, type Signer, SIGNERS } from './testing/signers.js';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDE=';
const secrets = { signing_secrets: [SECRET] };

const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((array) => Buffer.from(array));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(' ', ',', 'v1,', 'sha256=', 'Basic '),
);
const headerName = fc.constantFrom('authorization', '__proto__', ...SIGNERS.flatMap((s) => Object.keys(s.headerNames)));

describe.each(SIGNERS)('a forged signature of $name', ({ settings, sign, headerNames, signsBody }: Signer) => {
  const source = { settings, secrets };
  const names = Object.keys(headerNames);

  it('never fits another body', () => {
    fc.assert(
      fc.property(bytes, bytes, (signedBody, sentBody) => {
        fc.pre(!signedBody.equals(sentBody));
        const request = { headers: sign(SECRET, signedBody, NOW), rawBody: sentBody };
        expect(outcomeOf(request, source, NOW).endsWith('does not fit.')).toBe(signsBody);
      }),
    );
  });

  it('never fits after one byte of the body has changed, has been added or is gone', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (body, place, difference) => {
        const at = place % body.length;
        const changed = Buffer.from(body);
        changed[at] = (body[at] ?? 0) ^ difference;
        const headers = sign(SECRET, body, NOW);
        const forged = [changed, Buffer.concat([body, body.subarray(at, at + 1)]), body.subarray(0, -1)];
        const outcomes = forged.map((rawBody) => outcomeOf({ headers, rawBody }, source, NOW));
        expect(outcomes.every((outcome) => outcome.endsWith('does not fit.'))).toBe(signsBody);
      }),
    );
  });

  it('never fits with another character in any header', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(...names),
        fc.nat(),
        fc.integer({ min: 0x20, max: 0xff }),
        (body, name, place, code) => {
          const headers = sign(SECRET, body, NOW);
          const value = headers[name] ?? '';
          const at = place % value.length;
          const changed = value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1);
          // Hex and the name of the algorithm may be in capitals.
          fc.pre(changed.toLowerCase() !== value.toLowerCase());
          expect(outcomeOf({ headers: { ...headers, [name]: changed }, rawBody: body }, source, NOW)).not.toBe(
            'verified',
          );
        },
      ),
    );
  });

  it('never fits, and shows neither secret nor value, with anything else in any header', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom(...names), text, (body, name, value) => {
        const headers = { ...sign(SECRET, body, NOW), [name]: value };
        const outcome = outcomeOf({ headers, rawBody: body }, source, NOW);
        expect(outcome).toMatch(/^The (value of the |time in the )?header [\w-]+ (does not|is) [\w ]+\.$/);
      }),
    );
  });
});

it('gives a SignatureError for whatever headers come and however a source is set up', () => {
  const encoding = fc.constantFrom<('hex' | 'base64' | undefined)[]>('hex', 'base64', undefined);
  const scheme = fc.constantFrom(...SIGNERS.map(({ name }) => name), 'none');
  fc.assert(
    fc.property(fc.dictionary(headerName, text), scheme, fc.option(headerName), encoding, bytes, (headers, ...rest) => {
      const [signature, header, signature_encoding, rawBody] = rest;
      const settings = { signature, signature_encoding, ...(header !== null && { signature_header: header }) };
      const source = { settings: settings as SignatureSettings, secrets };
      const outcome = outcomeOf({ headers, rawBody }, source, NOW);
      expect(outcome).not.toBe('verified');
      expect(outcome).not.toContain(SECRET);
      expect(outcomeOf({ headers, rawBody }, { ...source, secrets: { basic: 'user:password' } }, NOW)).toMatch(
        /^The (value of the )?header Authorization /,
      );
    }),
    { numRuns: 500 },
  );
});
