import { UsageError } from '../../command/usage-error.js';
import { readKeysArguments } from './keys-arguments.js';

const ID = '01890000-0000-7000-8000-000000000000';

describe('readKeysArguments', () => {
  it.each<[string[], object]>([
    [['list'], { action: 'list' }],
    [['rotate-encryption'], { action: 'rotate-encryption' }],
    [['revoke', ID], { action: 'revoke', id: ID }],
    [['create', '-h'], { action: 'help' }],
    [['create'], { action: 'create', body: { name: 'Admin key made by a command', role: 'admin' } }],
    [
      ['--role=auditor', 'create', '--name', ' Ada ', '--expires', '2050-01-01'],
      { action: 'create', body: { name: 'Ada', role: 'auditor', expires_at: '2050-01-01' } },
    ],
    [
      ['create', '--role', 'ingest', '--source', 'Zendesk', '--name', 'Import'],
      { action: 'create', body: { name: 'Import', role: 'ingest' }, source: 'Zendesk' },
    ],
  ])('%j', (args, expected) => {
    expect(readKeysArguments(args)).toEqual(expected);
  });

  it.each<[string, string[], string]>([
    ['nothing', [], 'Say what to do: create, list, revoke or rotate-encryption.'],
    ['something else', ['delete'], 'Say what to do: create, list, revoke or rotate-encryption.'],
    ['an option that there is not', ['create', '--admin'], "Unknown option '--admin'"],
    ['an option without its value', ['create', '--name'], "Option '--name <value>' argument missing"],
    ['a role that there is not', ['create', '--role', 'root'], 'role must be one of the following values: admin'],
    ['a blank name', ['create', '--name', ' '], 'name must not be blank'],
    ['a time that is none', ['create', '--expires', 'tomorrow'], 'expires_at must be a time'],
    ['ingest without a source', ['create', '--role', 'ingest'], '--source goes with --role ingest, and only with it.'],
    ['a source for an admin', ['create', '--source', 'groove'], '--source goes with --role ingest, and only with it.'],
    ['a name instead of an option', ['create', 'Ada'], 'What is "Ada"?'],
    ['a word too many', ['list', 'all'], 'What is "all"?'],
    ['a key on the command line', ['rotate-encryption', 'x'], 'What is "x"?'],
    ['options of create for list', ['list', '--role', 'admin'], '--role: only for create.'],
    ['no id', ['revoke'], 'revoke needs the id of a key: see list.'],
    ['a name for an id', ['revoke', 'Ada'], 'revoke needs the id of a key: see list.'],
    ['two ids', ['revoke', ID, ID], `What is "${ID}"?`],
  ])('refuses %s', (_story, args, words) => {
    const read = (): unknown => readKeysArguments(args);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(words);
  });
});
