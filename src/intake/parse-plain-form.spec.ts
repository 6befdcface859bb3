import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { parseAnyForm } from './parse-form.js';
import { parsePlainForm } from './parse-plain-form.js';

const plain = fc.constantFrom('ticket', 'id', 'a', 'b_c', 'constructor', 'x1', 'hasOwnProperty', 'Z', 'title', 'name');
const odd = fc.constantFrom('__proto__', '0', '12', '', 'ü');
const word = fc.oneof({ weight: 15, arbitrary: plain }, { weight: 1, arbitrary: odd });
const name = fc
  .tuple(
    word,
    fc.array(word, { maxLength: 4 }),
    fc.constantFrom('plain', 'encoded', 'encoded', 'plain', 'plain', 'broken'),
  )
  .map(([first, rest, kind]) => {
    const [open, close] = { plain: ['[', ']'], encoded: ['%5B', '%5d'], broken: ['[', ''] }[kind] as [string, string];
    return `${encodeURIComponent(first)}${rest.map((part) => open + encodeURIComponent(part) + close).join('')}`;
  });
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
  fc.string({ unit: fc.constantFrom('a', 'b', '%', '+', ']', '[', '2', '5', 'B', 'd', 'F', 'é') }),
  fc.string({ unit: fc.constantFrom('a', '=', '&', ']') }),
);
const pair = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(name, value).map(([left, right]) => `${left}=${right}`) },
  { weight: 1, arbitrary: fc.constantFrom('', 'flag', '=', '=x') },
);

setFlagsFromString('--expose-gc');

describe('parsePlainForm', () => {
  it('reads what it reads as qs does, whatever the form', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 1, maxLength: 6 }).map((pairs) => pairs.join('&')),
        (text) => {
          const form = parsePlainForm(text);
          if (form === undefined) return;
          read += 1;
          expect(form).toEqual(parseAnyForm(text, 'utf-8'));
        },
      ),
      { numRuns: 3_000 },
    );
    // Else it would have been compared with next to nothing.
    expect(read).toBeGreaterThan(300);
  });

  it('keeps nothing of a large form for the sake of its names', () => {
    const gc = runInNewContext('gc') as () => void;
    const held = (): number => {
      gc();
      const { heapUsed, external } = process.memoryUsage();
      return (heapUsed + external) / 1_000_000;
    };
    const before = held();
    for (let index = 0; index < 40; index += 1) {
      const body = Buffer.from(`ticket[name_as_helpdesks_have_it_${index}]=${'x'.repeat(1_000_000)}`);
      expect(parsePlainForm(body.toString('latin1'))).toBeDefined();
    }
    expect(held() - before).toBeLessThan(10);
  });

  it('reads the form of a helpdesk', () => {
    const text =
      'event=ticket_created&ticket%5Bid%5D=10&ticket%5Bdept%5D%5Bname%5D=Tier+2&requester[email]=a%40example.com';
    expect(parsePlainForm(text)).toEqual({
      event: 'ticket_created',
      ticket: { id: '10', dept: { name: 'Tier 2' } },
      requester: { email: 'a@example.com' },
    });
  });

  it.each([
    'a[]=1',
    'a[0]=1',
    'a=1&a=2',
    'a=1&a[b]=2',
    'a[b]=2&a=1',
    'a',
    'a=1&',
    '__proto__[x]=1',
    'a[__proto__]=1',
    'a=b=c',
    '',
  ])('leaves %s to qs', (text) => {
    expect(parsePlainForm(text)).toBeUndefined();
  });
});
