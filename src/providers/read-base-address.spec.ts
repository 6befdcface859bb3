import { readBaseAddress } from './read-base-address.js';

describe('reading a base address', () => {
  it.each([
    ['https://api.groovehq.com', 'https://api.groovehq.com'],
    ['https://help.example.com/', 'https://help.example.com'],
    [' http://localhost:8000/faveo/public// ', 'http://localhost:8000/faveo/public'],
    ['https://help.example.com/desk?key=1#top', 'https://help.example.com/desk'],
    ['https://user:secret@help.example.com', undefined],
    ['ftp://help.example.com', undefined],
    ['help.example.com', undefined],
    ['', undefined],
    [undefined, undefined],
    [7, undefined],
  ])('%p begins every path with %p', (value, expected) => {
    expect(readBaseAddress(value)).toBe(expected);
  });
});
