import { EnvironmentError } from '../config/validate-environment.js';
import { describeStartUpError } from './start-up-error.js';

const withCode = (code: string, message = 'in English'): Error => Object.assign(new Error(message), { code });

describe('describeStartUpError', () => {
  it.each<[string, unknown, string]>([
    ['a port in use', withCode('EADDRINUSE'), 'PORT: another program listens there already; choose another port.'],
    ['a port that is not ours', withCode('EACCES'), 'HOST, PORT: this address cannot be listened on (EACCES).'],
    [
      'a database that is away',
      withCode('ECONNREFUSED'),
      'DATABASE_URL: the database cannot be reached (ECONNREFUSED).',
    ],
    [
      'a wrong password',
      withCode('28P01', 'password authentication failed for user "deskwire"'),
      'DATABASE_URL: the database refuses: password authentication failed for user "deskwire".',
    ],
    [
      'bad variables',
      new EnvironmentError(['PORT: must be an integer number']),
      'The configuration cannot be used:\n  - PORT: must be an integer number',
    ],
  ])('says %s in words', (_story, error, expected) => {
    expect(describeStartUpError(error)).toBe(expected);
  });

  it('shows where a fault of ours came from', () => {
    expect(describeStartUpError(new TypeError('x is not a function'))).toMatch(
      /^TypeError: x is not a function\n {4}at /,
    );
  });
});
