import fc from 'fast-check';
import { fewestMoves } from './fewest-moves.js';

const moves = (before: string, after: string): string => fewestMoves([...before], [...after]).join('');

describe('fewestMoves', () => {
  it.each([
    ['abcd', 'abcd', ''],
    ['', '', ''],
    ['abcd', 'dabc', 'd'],
    ['abcd', 'bcda', 'a'],
    ['abcdef', 'acdebf', 'b'],
  ])('from %s to %s are those of %s', (before, after, expected) => {
    expect(moves(before, after)).toBe(expected);
  });

  it('of two that changed places is one', () => {
    expect(moves('ab', 'ba')).toHaveLength(1);
  });

  it('of an order turned round are all but one', () => {
    expect(moves('abcde', 'edcba')).toHaveLength(4);
  });

  it('leave the others in their order, and are as few as can be', () => {
    const letters = [...'abcdefg'];
    fc.assert(
      fc.property(fc.shuffledSubarray(letters, { minLength: letters.length }), (after) => {
        const moved = fewestMoves(letters, after);
        const rest = (ids: readonly string[]): string[] => ids.filter((id) => !moved.includes(id));
        expect(rest(letters)).toEqual(rest(after));
        expect(moved).toHaveLength(letters.length - longestCommon(letters, after));
      }),
    );
  });
});

/** By the textbook's table. */
function longestCommon(first: readonly string[], second: readonly string[]): number {
  const table = Array.from({ length: first.length + 1 }, () => new Array<number>(second.length + 1).fill(0));
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
  for (const [i, a] of first.entries()) {
    for (const [j, b] of second.entries()) {
      (table[i + 1] as number[])[j + 1] = a === b ? at(i, j) + 1 : Math.max(at(i, j + 1), at(i + 1, j));
    }
  }
  return at(first.length, second.length);
}
