import { HeavyLane } from './heavy-lane.js';

const MEGABYTE = 1_048_576;

describe('HeavyLane', () => {
  it('does one thing after the other, whatever becomes of them', async () => {
    const lane = new HeavyLane();
    const said: string[] = [];
    const work = (name: string, error?: Error): (() => Promise<string>) => {
      return async () => {
        said.push(`${name} begins`);
        await new Promise(setImmediate);
        said.push(`${name} ends`);
        if (error) throw error;
        return name;
      };
    };
    const results = [lane.run(work('one')), lane.run(work('two', new Error('no'))), lane.run(work('three'))];
    expect(await Promise.allSettled(results)).toEqual([
      { status: 'fulfilled', value: 'one' },
      { status: 'rejected', reason: new Error('no') },
      { status: 'fulfilled', value: 'three' },
    ]);
    expect(said).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
  });

  it('has room for 128 MB', () => {
    const lane = new HeavyLane();
    expect(lane.enter(127 * MEGABYTE)).toBe(true);
    expect(lane.enter(MEGABYTE)).toBe(true);
    expect(lane.fill).toBe(1);
    expect(lane.enter(1)).toBe(false);
    lane.leave(MEGABYTE);
    expect(lane.enter(1)).toBe(true);
  });
});
