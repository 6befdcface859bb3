import { shownAddress } from './shown-address.js';

describe('shownAddress', () => {
  it.each([
    ['/api/v1/events', '/api/v1/events'],
    ['/api/v1/events?q=printer+on+fire&source_id=1', '/api/v1/events?q=…&source_id=…'],
    ['/tickets?api_key=abc=def?ghi', '/tickets?api_key=…'],
    ['/tickets?abcdef', '/tickets?…'],
    ['/tickets?', '/tickets?…'],
    ['/tickets?ABC%20def=1&=secret&status=', '/tickets?…&…&status=…'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownAddress(url)).toBe(shown);
  });
});
