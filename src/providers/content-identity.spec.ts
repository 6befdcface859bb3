import { contentIdentity } from './content-identity.js';

describe('the identity of content', () => {
  const facts = { a: 1, b: [{ c: 'x', d: null }], at: new Date(0) };

  it('is a SHA-256', () => {
    expect(contentIdentity(facts)).toEqual({
      kind: 'content',
      value: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('does not hang on the order of keys or on what is undefined', () => {
    expect(contentIdentity({ at: new Date(0), e: undefined, b: [{ d: null, c: 'x' }], a: 1 })).toEqual(
      contentIdentity(facts),
    );
  });

  it.each([
    [{ ...facts, a: '1' }],
    [{ ...facts, a: null }],
    [{ ...facts, b: [] }],
    [{ ...facts, at: new Date(1) }],
    [[facts]],
    ['{"a":1}'],
    [undefined],
    [['a,b']],
    [['a', 'b']],
    [['a","b']],
  ])('is another for %j', (other) => {
    expect(contentIdentity(other)).not.toEqual(contentIdentity(facts));
  });

  it('keeps the order of lists', () => {
    expect(contentIdentity(['a', 'b'])).not.toEqual(contentIdentity(['b', 'a']));
  });
});
