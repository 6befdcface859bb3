import { maskAddress } from './logging.module.js';

describe('maskAddress', () => {
  it.each([
    ['/hooks/groove/abcDEF-123?only_events=ticket_*', '/hooks/groove/***?only_events=ticket_*'],
    ['https://desk.example.com/hooks/groove/abc', 'https://desk.example.com/hooks/groove/***'],
    ['/api/v1/sources', '/api/v1/sources'],
  ])('%s becomes %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });
});
