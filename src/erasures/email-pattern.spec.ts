import { runToEnd } from '../../test/support/run-to-end.js';
import { EmailPattern } from './email-pattern.js';

const ann = new EmailPattern('Ann@Example.com');

describe('an address in text', () => {
  it.each([
    'ann@example.com',
    'ANN@EXAMPLE.COM',
    'Write to ann@example.com.',
    'Write to ann@example.com, or call',
    'Ann <ann@example.com>',
    'mailto:ann@example.com?subject=x',
    '_ann@example.com_ and *ann@example.com*',
    '"ann@example.com"',
    'See you ...ann@example.com',
    'email=ann%40example.com&name=Ann',
    'text=mail+ann%40example.com+today',
    'text=a%0Aann%40example%2Ecom%0D%0A',
    'payload=%7B%22email%22%3A%22ann%5Cu0040example.com%22%7D',
    'next=https%253A%252F%252Fx%252F%253Fmail%253Dann%2540example.com',
    String.raw`{"text":"Hello,\nann@example.com\n"}`,
    String.raw`{"text":"\u003cann\u0040example.com\u003e"}`,
    String.raw`{"text":"{\"email\":\"ann\\u0040example.com\"}"}`,
    '<b>ann&#64;example.com</b>',
    '&lt;ann&#x40;example&period;com&gt;',
    '&amp;lt;ann&amp;#64;example.com&amp;gt;',
    String.raw`ann\@example.com`,
  ])('is found: %s', (text) => {
    expect(ann.holds(text)).toBe(true);
    const erased = ann.erase(text);
    expect(erased).toContain('[erased]');
    expect(ann.holds(erased)).toBe(false);
  });

  it.each([
    'joann@example.com',
    'jo.ann@example.com',
    'jo+ann@example.com',
    'jo-ann@example.com',
    'jo_ann@example.com',
    'jo%2Bann%40example.com',
    'jo%2eann%40example.com',
    'jo&#46;ann@example.com',
    String.raw`jo\u002bann@example.com`,
    'éann@example.com',
    '%C3%A9ann%40example.com',
    'ann@example.com.au',
    'ann@example.com%2Eau',
    'ann@example.community',
    'ann@example.com-pany.de',
    'ann@examplexcom',
    'ann example.com',
    'Ann',
    '',
  ])('is not in: %s', (text) => {
    expect(ann.holds(text)).toBe(false);
    expect(ann.erase(text)).toBe(text);
  });

  it('is erased wherever it stands, and nothing else', () => {
    expect(ann.erase('Ann@example.com wrote to joann@example.com, cc ann%40example.com.')).toBe(
      '[erased] wrote to joann@example.com, cc [erased].',
    );
  });

  it.each([
    ['a+b_c@example.com', 'to=a%2Bb_c%40example.com'],
    ['a+b_c@example.com', String.raw`a+b\_c@example.com`],
    ['a.b@example.com', 'a.b@example.com'],
    ["o'neil@example.com", '"o&#39;neil@example.com"'],
    ['jörg@example.com', String.raw`"J\u00d6RG@example.com"`],
    ['jörg@example.com', 'mail=j%C3%B6rg%40example.com'],
    ['jörg@example.com', 'mail=j%F6rg%40example.com'],
    ['1234@example.com', '(1234@example.com)'],
    ['a[b]$^@example.com', 'a[b]$^@example.com'],
  ])('may hold signs: %s in %s', (email, text) => {
    expect(new EmailPattern(email).holds(text)).toBe(true);
  });

  it('takes a dot for a dot', () => {
    expect(new EmailPattern('a.b@example.com').holds('axb@example.com')).toBe(false);
  });

  it('is found in little time where it nearly is, again and again', () => {
    const text = `${'%25'.repeat(200_000)} ${'ann%2525252525'.repeat(50_000)} ${'\\'.repeat(200_000)} ${'ann&amp;amp;'.repeat(50_000)}`;
    expect(runToEnd(() => ann.holds(text))).toBe(false);
  });
});
