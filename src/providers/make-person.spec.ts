import { isEmail, makePerson, readFullName } from './make-person.js';

describe('making a person', () => {
  it.each([
    [{}, undefined],
    [
      { id: '1', name: 'Ann', email: 'ann@example.com' },
      { id: '1', name: 'Ann', email: 'ann@example.com' },
    ],
    [{ name: 'Ann', email: '[email protected]' }, { name: 'Ann' }],
    [{ email: '[email protected]' }, { name: '[email protected]' }],
    [{ name: 'ann@example.com', email: 'ann@example.com' }, { email: 'ann@example.com' }],
  ])('of %j', (facts, person) => {
    expect(makePerson(facts)).toEqual(person);
  });

  it.each(['ann@example.com', 'a.b+c@localhost', 'ü@bücher.example'])('%s can be an address', (text) => {
    expect(isEmail(text)).toBe(true);
  });

  it.each(['', 'ann', 'a@b@c', 'a b@c', '@c', 'a@', 'Ann <a@b.c>', `${'a'.repeat(250)}@b.example`])(
    '%j cannot',
    (text) => {
      expect(isEmail(text)).toBe(false);
    },
  );

  it.each([
    [{ first_name: ' Ann ', last_name: 'Lee' }, 'Ann Lee'],
    [{ first_name: 'Ann', last_name: null }, 'Ann'],
    [{ last_name: 'Lee' }, 'Lee'],
    [{ first_name: ' ', last_name: '' }, undefined],
  ])('reads the full name of %j', (person, name) => {
    expect(readFullName(person)).toBe(name);
  });
});
