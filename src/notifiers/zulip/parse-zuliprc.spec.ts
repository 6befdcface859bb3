import { parseZuliprc, ZuliprcError } from './parse-zuliprc.js';

const KEY = 'gjA04ZYcqXKalvYMA8OeXSfzUOLrtbZv';
const EXPECTED = { site: 'https://example.zulipchat.com', email: 'groove-bot@example.com', key: KEY };

describe('parseZuliprc', () => {
  it.each([
    ['as Zulip writes it', `[api]\nemail=groove-bot@example.com\nkey=${KEY}\nsite=https://example.zulipchat.com\n`],
    [
      'with spaces and Windows line ends',
      `\ufeff [api] \r\n Email = groove-bot@example.com\r\n KEY : ${KEY}\r\nsite = https://example.zulipchat.com/\r\n`,
    ],
    [
      'with comments and other sections',
      `# mine\n[other]\nkey=no\nrubbish\n[api]\n; bot\nemail=groove-bot@example.com\n\nkey=${KEY}\nsite=https://example.zulipchat.com\ninsecure=true\n[more]\nkey=no`,
    ],
    ['without a scheme', `[api]\nemail=groove-bot@example.com\nkey=${KEY}\nsite=example.zulipchat.com`],
  ])('reads a file %s', (_what, text) => {
    expect(parseZuliprc(text)).toEqual(EXPECTED);
  });

  it('keeps the path and the scheme of a site, and what stands behind an equals sign', () => {
    expect(parseZuliprc('[api]\nemail=a@b\nkey=k=:1\nsite=http://127.0.0.1:3000/sandbox/zulip')).toEqual({
      site: 'http://127.0.0.1:3000/sandbox/zulip',
      email: 'a@b',
      key: 'k=:1',
    });
  });

  it.each([
    ['', 'There is no section [api].'],
    [`key=${KEY}`, 'There is no section [api].'],
    [`[api]\nemail=a@b\nkey=${KEY}`, 'The section [api] has no "site".'],
    [`[api]\nsite=https://x\nkey=${KEY}`, 'The section [api] has no "email".'],
    ['[api]\nsite=https://x\nemail=a@b\nkey=', 'The section [api] has no "key".'],
    [`[api]\n${KEY}`, 'Line 2 is not "name=value".'],
    [`[api]\nkey=${KEY}\nkey=${KEY}`, 'Line 3 repeats an entry.'],
    [`[api]\nsite=https://a b\nemail=a@b\nkey=${KEY}`, '"site" is not an address.'],
    [`[api]\nsite=ftp://a.example\nemail=a@b\nkey=${KEY}`, '"site" is not an address.'],
  ])('says what is wrong with %j without repeating it', (text, message) => {
    expect(() => parseZuliprc(text)).toThrow(new ZuliprcError(message));
  });
});
