import { newId } from './new-id.js';

describe('newId', () => {
  it('sorts by time, and within a millisecond by order of making', () => {
    const at = new Date('2026-03-01T00:00:00.000Z');
    const ids = Array.from({ length: 1_000 }, () => newId(at));
    ids.push(newId(new Date(at.getTime() + 1)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('begins with the time that it is given, also when the clock goes back', () => {
    newId(new Date('2026-03-01T00:00:00.000Z'));
    const id = newId(new Date('2026-02-01T00:00:00.000Z'));
    expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-02-01T00:00:00.000Z'));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
