import type { Client } from 'pg';
import { databaseUrl, newDatabaseName, onServer, SERVER_VARIABLE } from '../../support/template-database.js';
import { TestGateway } from '../../support/test-gateway.js';
import type { CommandResult } from '../../support/command-process.js';
import { runKeysCommand } from './keys-command-process.js';
import { ask, changesOf } from './keys-client.js';

// Processes of their own: a second each.
jest.setTimeout(30_000);

const KEY_ALONE = /^(dw_[\w-]{43})\n$/;

describe('npm run keys, on the database of a gateway that runs', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  /** Without an encryption key: none is needed. */
  const run = (...args: string[]): Promise<CommandResult> =>
    runKeysCommand({ DATABASE_URL: gateway.databaseUrl }, ...args);

  it('create: makes an admin key, alone on standard output, that works at once', async () => {
    const { code, output, errors } = await run('create');
    expect(code).toBe(0);
    const key = KEY_ALONE.exec(output)?.[1] ?? '';
    const list = await gateway.api('GET', '/api-keys?limit=1', undefined, key);
    const id = String(list.body.data[0]?.['id']);
    expect(list.body.data[0]).toMatchObject({ name: 'Admin key made by a command', role: 'admin', expires_at: null });
    expect(errors).toBe(`Made the key "Admin key made by a command" (admin, id ${id}). It is shown this once:\n`);
    expect(await changesOf(gateway, id)).toMatchObject([
      { by: { via: 'command', key_id: null, address: null }, action: 'create', subject: { kind: 'api_key' } },
    ]);
  });

  it('create: makes other keys, for a source by its name or id', async () => {
    const expires = '2050-01-01T00:00:00Z';
    const byName = await run(
      'create',
      '--name',
      'Import',
      '--role=ingest',
      '--source',
      'GENERIC',
      '--expires',
      expires,
    );
    expect([byName.code, byName.output]).toEqual([0, expect.stringMatching(KEY_ALONE)]);
    const [made] = (await gateway.api('GET', '/api-keys?limit=1')).body.data;
    expect(made).toMatchObject({ name: 'Import', role: 'ingest', expires_at: '2050-01-01T00:00:00.000Z' });
    const post = { body: { subject: 'Printer', description: 'On fire', priority: 'low' }, key: byName.output.trim() };
    expect((await ask(gateway, 'POST', '/api/integrations/webhook', post)).status).toBe(200);
    const byId = await run('create', '--role', 'ingest', '--source', String(made?.['source_id']));
    expect(byId.code).toBe(0);
    expect((await gateway.api('GET', '/api-keys?limit=1')).body.data[0]).toMatchObject({
      source_id: made?.['source_id'],
    });
  });

  it('list: shows all keys, and nothing that they could be made of', async () => {
    const made = await gateway.api('POST', '/api-keys', { name: 'Loud \u001b[31m', role: 'auditor' });
    const { code, output, errors } = await run('list');
    expect([code, errors]).toEqual([0, '']);
    const lines = output.split('\n');
    expect(lines[0]).toMatch(/^ID +ROLE +STATE +LAST USED +SOURCE +NAME$/);
    expect(lines[1]).toMatch(
      new RegExp(`^${String(made.body['id'])} {2}auditor {2}valid +never +- +Loud \ufffd\\[31m$`),
    );
    expect(output).not.toContain('dw_');
  });

  it('revoke: ends a key at once, but not the last of an admin', async () => {
    const made = await gateway.api('POST', '/api-keys', { name: 'Ends', role: 'admin' });
    const [id, key] = [String(made.body['id']), String(made.body['key'])];
    expect(await run('revoke', id)).toEqual({ code: 0, output: '', errors: 'The key is revoked.\n' });
    expect((await gateway.api('GET', '/sources', undefined, key)).status).toBe(401);
    expect((await changesOf(gateway, id)).map(({ action, by }) => [action, by])).toEqual([
      ['create', expect.objectContaining({ via: 'api' })],
      ['revoke', expect.objectContaining({ via: 'command' })],
    ]);
    const admins = (await gateway.api('GET', '/api-keys')).body.data.filter(
      (one) => one['role'] === 'admin' && one['revoked_at'] === null,
    );
    const results: CommandResult[] = [];
    for (const admin of admins) results.push(await run('revoke', String(admin['id'])));
    expect(results.pop()).toEqual({
      code: 1,
      output: '',
      errors: 'This is the last admin key that is valid, or would be by then: make another one first.\n',
    });
    expect(results.every(({ code }) => code === 0)).toBe(true);
  });

  it('does not take what it does not know, and ends with 2', async () => {
    // No database is asked.
    const nobody = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' };
    expect(await runKeysCommand(nobody, 'create', '--role', 'root')).toEqual({
      code: 2,
      output: '',
      errors:
        'role must be one of the following values: admin, auditor, ingest.\nHow to use it: deskwire keys --help\n',
    });
  });

  it('--help: tells how to use it', async () => {
    const { code, output, errors } = await runKeysCommand({}, '--help');
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(/^Usage: deskwire keys create /);
  });

  it.each<[string, string[], string]>([
    ['an expiry that is over', ['create', '--expires', '2020-01-01'], 'expires_at: must be in the future'],
    [
      'an unknown source',
      ['create', '--role', 'ingest', '--source', 'nowhere'],
      'There is no source with the name or id "nowhere".',
    ],
    ['an unknown key', ['revoke', '01890000-0000-7000-8000-000000000000'], 'There is no such API key.'],
  ])('says what is wrong with %s, and ends with 1', async (_story, args, words) => {
    expect(await run(...args)).toEqual({ code: 1, output: '', errors: `${words}\n` });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a database that is away',
      { DATABASE_URL: 'postgres://deskwire:hidden@127.0.0.1:1/deskwire' },
      'DATABASE_URL: the database cannot be reached (ECONNREFUSED).\n',
    ],
    [
      'an address that is none',
      { DATABASE_URL: 'mysql://deskwire:hidden@127.0.0.1/x' },
      'The configuration cannot be used:\n  - DATABASE_URL: must be a postgres:// URL\n',
    ],
    [
      'a directory without a database',
      { DATA_DIR: '/nowhere' },
      'DATA_DIR: there is no database in /nowhere yet. Start the gateway first, or set DATA_DIR or DATABASE_URL.\n',
    ],
  ])('says in words that there is %s', async (_story, environment, errors) => {
    expect(await runKeysCommand(environment, 'list')).toEqual({ code: 1, output: '', errors });
  });

  it('says in words that a database is none of ours yet', async () => {
    const server = process.env[SERVER_VARIABLE] ?? '';
    const name = newDatabaseName('test');
    await onServer(server, (client: Client) => client.query(`create database ${name}`));
    try {
      expect(await runKeysCommand({ DATABASE_URL: databaseUrl(server, name) }, 'create')).toEqual({
        code: 1,
        output: '',
        errors: 'The database is not of this version: start the gateway, or run "npm run migrate".\n',
      });
    } finally {
      await onServer(server, (client) => client.query(`drop database ${name}`));
    }
  });
});
