import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { BatchWriter } from './batch-writer.js';

/** A writer that doubles numbers, remembers its batches, and refuses what it is told to. */
function makeWriter(refuse: (batch: number[]) => Error | undefined = () => undefined): {
  writer: BatchWriter<number, number>;
  batches: number[][];
} {
  const batches: number[][] = [];
  const writer = new BatchWriter<number, number>(async (items) => {
    batches.push(items);
    await nextTurn();
    const error = refuse(items);
    if (error) throw error;
    return items.map((item) => item * 2);
  });
  return { writer, batches };
}

describe('BatchWriter', () => {
  it('writes what comes in one turn together, and answers each', async () => {
    const { writer, batches } = makeWriter();
    expect(await Promise.all([1, 2, 3].map((item) => writer.write(item)))).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers the next batch while one is written', async () => {
    const { writer, batches } = makeWriter();
    const first = writer.write(1);
    await nextTurn();
    expect(await Promise.all([first, writer.write(2), writer.write(3)])).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('writes no more than 500 at once', async () => {
    const { writer, batches } = makeWriter();
    await Promise.all(Array.from({ length: 1_100 }, (_, item) => writer.write(item)));
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 100]);
  });

  it('refuses one item without the others', async () => {
    const { writer } = makeWriter((batch) => (batch.includes(2) ? new Error('not 2') : undefined));
    const results = await Promise.allSettled([1, 2, 3].map((item) => writer.write(item)));
    expect(results).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new Error('not 2') },
      { status: 'fulfilled', value: 6 },
    ]);
  });

  it('does not ask a database that is away once for every item, and goes on when it is back', async () => {
    let isAway = true;
    const away = new DatabaseUnavailableError(new Error('gone'));
    const { writer, batches } = makeWriter(() => (isAway ? away : undefined));
    const results = await Promise.allSettled([1, 2, 3].map((item) => writer.write(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(batches).toHaveLength(1);
    isAway = false;
    expect(await writer.write(4)).toBe(8);
  });
});
