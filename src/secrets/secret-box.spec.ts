import { SecretBox, SecretUnreadableError } from './secret-box.js';

const KEY = 'an encryption key of at least 32 characters';

describe('SecretBox', () => {
  it('gives back what it was given, in the same place, and never stores it twice alike', () => {
    const box = new SecretBox(KEY);
    const sealed = box.seal('hunter2', 'sources/1/token');
    expect(box.open(sealed, 'sources/1/token')).toBe('hunter2');
    expect(sealed).not.toContain('hunter2');
    expect(box.seal('hunter2', 'sources/1/token')).not.toBe(sealed);
    expect(sealed).toMatch(new RegExp(`^v1:${box.keyId}:`));
  });

  it.each<[string, (box: SecretBox, sealed: string) => string]>([
    ['another place', (box, sealed) => box.open(sealed, 'sources/2/token')],
    ['another key', (_box, sealed) => new SecretBox(`${KEY}!`).open(sealed, 'sources/1/token')],
    ['a changed byte', (box, sealed) => box.open(`${sealed.slice(0, -2)}AA`, 'sources/1/token')],
    ['a truncated text', (box, sealed) => box.open(sealed.slice(0, 20), 'sources/1/token')],
    ['something else altogether', (box) => box.open('plain', 'sources/1/token')],
  ])('refuses %s without a word about the secret', (_story, open) => {
    const box = new SecretBox(KEY);
    const sealed = box.seal('hunter2', 'sources/1/token');
    expect(() => open(box, sealed)).toThrow(SecretUnreadableError);
  });

  it('opens what any of its keys sealed, and seals with the present one', () => {
    const [former, next] = [new SecretBox(`${KEY} of before`), new SecretBox(`${KEY} of later`)];
    const box = new SecretBox(() => ({ current: KEY, readOnly: [`${KEY} of before`, `${KEY} of later`] }));
    for (const other of [former, next]) expect(box.open(other.seal('hunter2', 'x'), 'x')).toBe('hunter2');
    expect(box.prefix).toBe(new SecretBox(KEY).prefix);
    expect(new SecretBox(KEY).open(box.seal('hunter2', 'x'), 'x')).toBe('hunter2');
  });

  it('finds a key that others have begun to use, and seals with it from then on', () => {
    let keys = { current: KEY, readOnly: [] as string[] };
    const box = new SecretBox(() => keys);
    const before = box.seal('old', 'x');
    keys = { current: `${KEY} of later`, readOnly: [KEY] };
    const others = new SecretBox(`${KEY} of later`);
    expect(box.open(others.seal('new', 'x'), 'x')).toBe('new');
    expect(box.open(before, 'x')).toBe('old');
    expect(others.open(box.seal('newer', 'x'), 'x')).toBe('newer');
  });

  it('never seals with a key that has been put aside, also where it has met no other', () => {
    let keys = { current: KEY, readOnly: [] as string[] };
    const box = new SecretBox(() => keys);
    keys = { current: `${KEY} of later`, readOnly: [KEY] };
    expect(new SecretBox(`${KEY} of later`).open(box.seal('new', 'x'), 'x')).toBe('new');
  });
});
