import fc from 'fast-check';
import { letsIn, readNativeTypeFilter } from './native-type-filter.js';

describe('native type filter', () => {
  it.each<[Record<string, string>, string, boolean]>([
    [{}, 'ticket_started', true],
    [{ only_events: 'ticket_started,note_added' }, 'note_added', true],
    [{ only_events: 'ticket_started' }, 'note_added', false],
    [{ only_events: 'ticket_*' }, 'ticket_closed', true],
    [{ only_events: ' ticket_* , note_added ' }, 'note_added', true],
    [{ exclude_events: '*_tagged' }, 'ticket_tagged', false],
    [{ exclude_events: 'ticket_*ed' }, 'ticket_closed', false],
    [{ exclude_events: 'ticket_*ed' }, 'ticket_ed', false],
    [{ exclude_events: 'ab*ba' }, 'aba', true],
    [{ only_events: 'ticket_*', exclude_events: 'ticket_tagged' }, 'ticket_tagged', false],
    [{ exclude_events: '*' }, 'anything', false],
    [{ only_events: '' }, 'anything', true],
  ])('%j lets %s in: %s', (query, nativeType, expected) => {
    expect(letsIn(readNativeTypeFilter(query), nativeType)).toBe(expected);
  });

  it('agrees with a regular expression on every pattern', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '_', '*'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (wildcard, nativeType) => {
        const oracle = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`);
        return letsIn({ only: [wildcard], exclude: [] }, nativeType) === oracle.test(nativeType);
      }),
    );
  });
});
