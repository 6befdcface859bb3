/**
 * Says which of many were moved when their order changed: as few as possible, since who drags one route to the top has
 * moved that one, not all that stood above it. What stays is a longest subsequence that both orders have.
 *
 * @param before all, in their old order
 * @param after the same ones, in their new order
 * @returns the moved ones, in their new order
 */
export function fewestMoves(before: readonly string[], after: readonly string[]): string[] {
  const places = new Map(before.map((id, place) => [id, place]));
  const sequence = after.map((id) => places.get(id) ?? -1);
  const staying = new Set(longestRising(sequence));
  return after.filter((_id, index) => !staying.has(sequence[index] as number));
}

/** @returns a longest subsequence that rises (patience sorting) */
function longestRising(sequence: readonly number[]): number[] {
  /** By length: the index of the smallest number that a rising subsequence of it may end with. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, value] of sequence.entries()) {
    const length = ends.findIndex((end) => (sequence[end] as number) >= value);
    const place = length < 0 ? ends.length : length;
    previous.push(ends[place - 1]);
    ends[place] = index;
  }
  const rising: number[] = [];
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) rising.push(sequence[index] as number);
  return rising.reverse();
}
