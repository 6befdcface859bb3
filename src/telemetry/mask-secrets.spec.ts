import { newToken } from '../secrets/secret-token.js';
import { secretMask } from './mask-secrets.js';

const TOKEN = newToken();
const mask = secretMask(['correct horse "battery"', 'short']);

describe('secretMask', () => {
  it.each([
    ['a hook’s token', '/hooks/groove/abcDEF-123?only_events=ticket_*', '/hooks/groove/***?only_events=ticket_*'],
    [
      'the same in a whole address',
      'https://desk.example.com/hooks/groove/abc',
      'https://desk.example.com/hooks/groove/***',
    ],
    ['a hook under another spelling', `"url":"/%68ooks/groove/${TOKEN}"`, '"url":"/%68ooks/groove/***"'],
    ['a token spelled in another way', `/%68ooks/groove/%41${TOKEN}`, '/%68ooks/groove/***'],
    ['a key of ours', `{"a":"dw_${TOKEN}"}`, '{"a":"dw_***"}'],
    ['a secret of ours', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, then', 'whsec_***, then'],
    ['an Authorization header', 'authorization: Basic Ym90OmtleQ==', 'authorization: Basic ***'],
    ['a bearer', '"Bearer abcdefgh.ijk"', '"Bearer ***"'],
    ['the password of a database', 'postgres://deskwire:hunter2@db:5432/deskwire', 'postgres://***@db:5432/deskwire'],
    ['a token without its address', `{"token":"${TOKEN}"}`, '{"token":"***"}'],
    ['what the environment keeps', JSON.stringify({ key: 'correct horse "battery"' }), '{"key":"***"}'],
  ])('takes out %s', (_story, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    '/api/v1/sources',
    'a short word',
    '{"hostname":"deskwire-worker-7c9d8f6b5d-x2x9z.deskwire-production-namespace-of-ours"}',
    '{"id":"019aca5b-7e0c-7a52-9d3e-0c8b1d2e3f40","error_id":"0cd4c7e1-6c0a-4c37-a6f6-6e6a3f1f1a11"}',
    'at AddTicketsAndSourceSecrets1795500000000.up (/app/dist/migrations/1795500000000-add-tickets.js:24:11)',
    'Basic auth is missing',
  ])('leaves %s alone', (text) => {
    expect(mask(text)).toBe(text);
  });
});
