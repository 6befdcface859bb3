import { Hand, type HeldLane } from './hand.js';
import type { Prepared } from './threads/thread-book.js';

/** @param name its lane and its place in it, e.g. `a1` */
function item(name: string): Prepared {
  return { delivery: { id: name, lane: name.slice(0, 1) } } as unknown as Prepared;
}

function namesOf(items: readonly Prepared[] | undefined): string[] | undefined {
  return items?.map(({ delivery }) => delivery.id);
}

describe('Hand', () => {
  let hand: Hand;

  beforeEach(() => {
    hand = new Hand();
    hand.add(['a1', 'b1', 'a2', 'c1'].map(item));
  });

  /** Takes the next lane in turn. */
  const take = (): HeldLane => {
    const lane = hand.takeNext();
    if (!lane) throw new Error('nothing is ready');
    return lane;
  };

  it('gives lanes in their order, each with its head first', () => {
    expect([take(), take(), take()].map(({ waiting }) => namesOf(waiting))).toEqual([['a1', 'a2'], ['b1'], ['c1']]);
    expect(hand.takeNext()).toBeUndefined();
    expect(hand.hasReady).toBe(false);
  });

  it('gives late lanes after all others, also to those who join', () => {
    hand.clear();
    const late = (name: string): Prepared => ({ delivery: { id: name, lane: `late:${name}` } }) as unknown as Prepared;
    hand.add([late('x'), late('y'), item('a1')]);
    expect([hand.size, hand.liveSize]).toEqual([3, 1]);
    expect(hand.peek(2).map(({ name }) => name)).toEqual(['a', 'late:x']);
    const [first, second] = [take(), take()];
    expect([first.name, second.name]).toEqual(['a', 'late:x']);
    hand.draw(first, 1);
    hand.draw(second, 1);
    expect([hand.size, hand.liveSize]).toEqual([1, 0]);
    hand.add([item('b1')]);
    expect(take().name).toBe('b');
    hand.drop();
    expect([hand.size, hand.liveSize, hand.hasReady]).toEqual([0, 0, false]);
  });

  it('gives no lane twice while it is busy, and keeps it from being read', () => {
    const lane = take();
    hand.draw(lane, 1);
    expect(hand.peek(10).map(({ name }) => name)).toEqual(['b', 'c']);
    expect(hand.names).toEqual(['a', 'b', 'c']);
  });

  it('lines a lane up again behind the others when it goes on', () => {
    const lane = take();
    hand.draw(lane, 1);
    hand.free(lane, true);
    expect(hand.peek(10).map(({ name }) => name)).toEqual(['b', 'c', 'a']);
    expect(namesOf(lane.waiting)).toEqual(['a2']);
  });

  it('forgets the rest of a lane that does not go on', () => {
    const lane = take();
    hand.draw(lane, 1);
    hand.free(lane, false);
    expect(hand.names).toEqual(['b', 'c']);
    expect(hand.size).toBe(2);
  });

  it('forgets a lane that is worked off', () => {
    take();
    const lane = take();
    hand.draw(lane, 1);
    hand.free(lane, true);
    expect(hand.names).toEqual(['a', 'c']);
  });

  it('counts what waits, not what is being worked', () => {
    expect(hand.size).toBe(4);
    const lane = take();
    hand.draw(lane, 1);
    expect(hand.size).toBe(3);
    hand.replace(lane, [item('a2'), item('a3')]);
    expect(hand.size).toBe(4);
    hand.addBusy(item('d1'));
    expect(hand.size).toBe(5);
  });

  it('takes lanes out of their turn', () => {
    const lane = take();
    hand.take(hand.peek(2).filter(({ name }) => name === 'c'));
    hand.free(lane, true);
    expect(hand.peek(10).map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('forgets what waits when it is dropped, but not which lanes are being worked', () => {
    const lane = take();
    hand.draw(lane, 1);
    hand.drop();
    expect(hand.names).toEqual(['a']);
    expect([hand.size, hand.hasReady]).toEqual([0, false]);
    hand.free(lane, true);
    expect(hand.names).toEqual([]);
    expect(hand.hasReady).toBe(false);
  });
});
