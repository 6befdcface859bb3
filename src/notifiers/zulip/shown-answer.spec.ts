import fc from 'fast-check';
import { answerShower, LARGEST_RECORDED_ANSWER } from '../answer-shower.js';
import { basicToken, secretForms } from './shown-answer.js';

describe('answerShower', () => {
  const show = answerShower(secretForms('bot@example.com', 'a/k+y"=='));

  it.each([
    ['the key', 'key a/k+y"== is wrong', 'key ******** is wrong'],
    ['the key in a URL', 'x?a%2Fk%2By%22%3D%3D', `x?${'*'.repeat(18)}`],
    ['the key in JSON', '{"k":"a/k+y\\"=="}', `{"k":"${'*'.repeat(9)}"}`],
    ['the header', `Basic ${basicToken('bot@example.com', 'a/k+y"==')}`, `Basic ${'*'.repeat(32)}`],
    ['NUL and halves of characters', 'a\0b\ud800', 'ab\ufffd'],
  ])('hides %s', (_what, text, expected) => {
    expect(show(text)).toBe(expected);
  });

  it('hides nothing for want of a secret', () => {
    expect(answerShower([''])('abc')).toBe('abc');
  });

  it('cuts at 16 KiB, between characters, and never shows half a secret', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.constantFrom('é', '😀', 'x'), (before, filling) => {
        const text = `${'x'.repeat(before)}${filling.repeat(5_000)}${'a/k+y"=='.repeat(3_000)}`;
        const shownText = show(text);
        expect(Buffer.byteLength(shownText)).toBeLessThanOrEqual(LARGEST_RECORDED_ANSWER);
        expect(shownText).not.toContain('a/k');
        expect(shownText.isWellFormed() && !shownText.includes('\ufffd')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
