import { readWebAddress } from './read-web-address.js';

describe('reading a web address', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    [' http://example.com/a?b=c#d ', 'http://example.com/a?b=c#d'],
    ['https://example.com/a b\nc', 'https://example.com/a%20bc'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('%j', (given, address) => {
    expect(readWebAddress(given)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'ftp://example.com',
    '//example.com',
    '/v1/tickets/1',
    'example.com',
    'https://',
    'https://helpdesk.example@evil.example/',
    `https://example.com/${'a'.repeat(4_000)}`,
    '',
    1,
    null,
    [],
  ])('is none: %p', (value) => {
    expect(readWebAddress(value)).toBeUndefined();
  });
});
