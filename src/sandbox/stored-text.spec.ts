import fc from 'fast-check';
import { runToEnd } from '../../test/support/run-to-end.js';
import { SandboxError } from './sandbox-error.js';
import { storedContent, storedTopic } from './stored-text.js';

/** Undefined where it is refused. */
function stored(store: (text: string) => string, text: string): string | undefined {
  try {
    return store(text);
  } catch (error) {
    if (error instanceof SandboxError) return undefined;
    throw error;
  }
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(' ', '\n', '\u0085', '\u200b', '\ufeff', 'a', '😀'), maxLength: 80 }),
);

describe('what Zulip stores', () => {
  it('is stored unchanged the second time', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const store of [storedContent, storedTopic]) {
          const once = stored(store, text);
          if (once !== undefined) expect(store(once)).toBe(once);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never exceeds the limits, and is the text itself up to them', () => {
    const length = fc.integer({ min: 9_950, max: 10_050 });
    fc.assert(
      fc.property(length, fc.constantFrom('a', '😀', '漢'), (count, character) => {
        const content = storedContent(character.repeat(count));
        expect(Array.from(content)).toHaveLength(Math.min(count, 10_000));
        expect(content === character.repeat(count)).toBe(count <= 10_000);
        expect(content.endsWith('\n[message truncated]')).toBe(count > 10_000);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a\u0085\u001f \u3000', 'a'],
    ['\n\r\n a', '\r\n a'],
    ['a\ufeff', 'a\ufeff'],
    ['a\u200b', 'a\u200b'],
  ])('is trimmed by the white space of Python: %j', (content, expected) => {
    expect(storedContent(content)).toBe(expected);
  });

  it('takes no longer for hostile spaces', () => {
    expect(runToEnd(() => storedContent(`a${' '.repeat(400_000)}b`))).toHaveLength(10_000);
  });
});
