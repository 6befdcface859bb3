import { Problem } from '../http/problem.js';
import { bucketsOf, settleRange } from './statistics-range.js';

const NOW = new Date('2026-03-10T10:30:00Z');

const rangeOf = (query: Parameters<typeof settleRange>[0]): string[] => {
  const { since, until } = settleRange(query, NOW);
  return [since.toISOString(), until.toISOString()];
};
const partsOf = (query: Parameters<typeof settleRange>[0]): string[] =>
  bucketsOf(settleRange(query, NOW)).map(({ start, until }) => `${start.toISOString()} ${until.toISOString()}`);

describe('the range of statistics', () => {
  it.each([
    ['the last day, hours whole', {}, ['2026-03-09T10:00:00.000Z', '2026-03-10T11:00:00.000Z']],
    ['a day before its end', { until: '2026-02-01' }, ['2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z']],
    ['until now', { since: '2026-03-10T08:59:59.999Z' }, ['2026-03-10T08:00:00.000Z', '2026-03-10T11:00:00.000Z']],
    [
      'as it is where its hours are whole',
      { since: '2026-03-01T01:00:00+01:00', until: '2026-03-02' },
      ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ],
    ['not before 1970', { until: '1970-01-01T05:00:00Z' }, ['1970-01-01T00:00:00.000Z', '1970-01-01T05:00:00.000Z']],
    [
      'nothing between two equal hours',
      { since: '2026-03-01T01:00:00Z', until: '2026-03-01T01:00:00Z' },
      ['2026-03-01T01:00:00.000Z', '2026-03-01T01:00:00.000Z'],
    ],
  ])('is %s', (_what, query, expected) => {
    expect(rangeOf(query)).toEqual(expected);
  });

  it('does not end before it begins', () => {
    expect(() => rangeOf({ since: '2026-03-02', until: '2026-03-01' })).toThrow('since: must not be after until.');
    expect(() => rangeOf({ since: '2026-03-11' })).toThrow(
      'since: must not be after until, which is now unless given.',
    );
  });
});

describe('buckets', () => {
  it('are hours', () => {
    expect(partsOf({ since: '2026-03-10T08:10:00Z', until: '2026-03-10T09:10:00Z', bucket: 'hour' })).toEqual([
      '2026-03-10T08:00:00.000Z 2026-03-10T09:00:00.000Z',
      '2026-03-10T09:00:00.000Z 2026-03-10T10:00:00.000Z',
    ]);
  });

  it('are days and months in UTC, cut off at the ends of the range', () => {
    expect(partsOf({ since: '2026-02-27T22:00:00Z', until: '2026-03-01T02:00:00Z', bucket: 'day' })).toEqual([
      '2026-02-27T22:00:00.000Z 2026-02-28T00:00:00.000Z',
      '2026-02-28T00:00:00.000Z 2026-03-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z 2026-03-01T02:00:00.000Z',
    ]);
    expect(partsOf({ since: '2025-12-31T23:00:00Z', until: '2026-02-01', bucket: 'month' })).toEqual([
      '2025-12-31T23:00:00.000Z 2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z 2026-02-01T00:00:00.000Z',
    ]);
  });

  it('are none unless asked for, and none of nothing', () => {
    expect(partsOf({})).toEqual([]);
    expect(partsOf({ since: '2026-03-01', until: '2026-03-01', bucket: 'day' })).toEqual([]);
  });

  it.each([
    ['hour', '2026-02-06T18:00:00Z', '; ask for a shorter time, or for bucket=day.'],
    ['day', '2024-02-19T12:00:00Z', '; ask for a shorter time, or for bucket=month.'],
  ] as const)('are 750 at most: %s', (bucket, since, advice) => {
    const until = '2026-03-10';
    expect(partsOf({ since, until, bucket })).toHaveLength(750);
    const earlier = new Date(Date.parse(since) - 86_400_000).toISOString();
    const ask = (): unknown => partsOf({ since: earlier, until, bucket });
    expect(ask).toThrow(Problem);
    expect(ask).toThrow(`bucket: there can be 750 at most${advice}`);
  });
});
