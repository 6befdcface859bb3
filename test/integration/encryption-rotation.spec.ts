import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { rotateEncryptionOf } from '../../src/access/command/rotate-encryption.js';
import { validateEncryptionEnvironment, validateEnvironment } from '../../src/config/validate-environment.js';
import { DestinationDirectory } from '../../src/destinations/destination-directory.js';
import { type EncryptionKeys, keySourceOf } from '../../src/secrets/encryption-keys.js';
import { EncryptionRotation } from '../../src/secrets/rotation/encryption-rotation.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import { SEALED_COLUMNS } from '../../src/secrets/sealed-columns.js';
import { startWatchedGateway } from '../support/start-watched-gateway.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const newKey = (): string => randomBytes(24).toString('hex');

describe('another encryption key', () => {
  const [oldKey, key] = [newKey(), newKey()];
  const rotated: EncryptionKeys = { current: key, readOnly: [oldKey] };
  let gateway: TestGateway;
  let client: Client;
  let dataSource: DataSource;
  let said: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({}, undefined, {
      // Of the first step: it can read what the new key encrypts, and does not use it yet.
      encryptionKey: () => ({ current: oldKey, readOnly: [key] }),
    });
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    dataSource = await new DataSource({ type: 'postgres', url: gateway.databaseUrl }).initialize();
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await dataSource.destroy();
    await client.end();
    await gateway.stop();
  });

  const rotate = (more: Record<string, string> = { ENCRYPTION_KEY_READ_ONLY: oldKey }): Promise<number> => {
    const raw = { DATABASE_URL: gateway.databaseUrl, ENCRYPTION_KEY: key, ...more };
    return rotateEncryptionOf(dataSource, validateEncryptionEnvironment(raw));
  };

  /** By the key that encrypted them, everything in the database that looks encrypted. */
  const sealedIn = async (): Promise<Map<string, string[]>> => {
    const { rows: columns } = await client.query<{ table: string; column: string }>(`
      select c.table_name as table, c.column_name as column
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'jsonb', 'bytea')`);
    const found = new Map<string, string[]>();
    for (const { table, column } of columns) {
      const text = `select substring("${column}"::text from 'v1:[0-9a-f]{8}:') as key from "${table}"`;
      const { rows } = await client.query<{ key: string | null }>(text);
      for (const row of rows) {
        if (row.key !== null) found.set(row.key, [...(found.get(row.key) ?? []), `${table}.${column}`]);
      }
    }
    return found;
  };

  const entrust = async (count: number): Promise<Answer[]> => {
    const made: Answer[] = [];
    for (let number = 1; number <= count; number += 1) {
      const secrets = { signing_secrets: [newKey()] };
      const settings = { signature: 'standard' };
      made.push(await gateway.api('POST', '/sources', { name: `S${number}`, provider: 'generic', settings, secrets }));
    }
    return made;
  };

  it('takes over everything that is encrypted, also of what was deleted, and nothing is lost', async () => {
    const [first, second] = await entrust(2);
    await gateway.api('POST', '/destinations', { name: 'H', kind: 'webhook', settings: { url: gateway.url } });
    expect((await gateway.api('DELETE', `/sources/${String(second?.body['id'])}`)).status).toBe(204);
    const before = await sealedIn();
    expect([...before.keys()]).toEqual([new SecretBox(oldKey).prefix]);
    const columns = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect(new Set([...before.values()].flat())).toEqual(new Set(columns));

    expect(await rotate()).toBe(0);
    const count = [...before.values()].flat().length;
    const words = `${count} are encrypted with the present key now, and none with another.\n`;
    expect(said).toBe(`Encrypted ${count} secrets anew; ${words}`);
    expect([...(await sealedIn()).keys()]).toEqual([new SecretBox(key).prefix]);

    // Once more is not too often.
    expect(await rotate({})).toBe(0);
    expect(said).toContain(`Encrypted 0 secrets anew; ${words}`);
    // Neither a change nor another version to whoever manages them.
    const path = `/sources/${String(first?.body['id'])}`;
    expect((await gateway.api('GET', path)).body).toMatchObject({ version: 1 });
    const { body: changes } = await gateway.api('GET', `/changes?subject_id=${String(first?.body['id'])}`);
    expect(changes.data).toHaveLength(1);
  });

  it('goes side by side with the former one, while gateways of both change secrets', async () => {
    const sources = await entrust(6);
    const environment = validateEnvironment({
      PORT: '0',
      ROLE: 'api',
      ADMIN_API_KEY: gateway.adminKey,
      DATABASE_URL: gateway.databaseUrl,
      ENCRYPTION_KEY: key,
    });
    const other = await startWatchedGateway({
      environment,
      databaseUrl: gateway.databaseUrl,
      encryptionKey: () => rotated,
    });
    const entrusted = new Map<string, string>();
    const change = async (url: string, { body: { id } }: Answer): Promise<void> => {
      const secret = newKey();
      const answer = await call(`${url}/api/v1/sources/${String(id)}`, {
        method: 'PATCH',
        headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
        body: JSON.stringify({ secrets: { signing_secrets: [secret] } }),
      });
      expect(answer.status).toBe(200);
      entrusted.set(String(id), secret);
    };
    try {
      const changes = sources.map(async (source, index) => {
        for (let times = 0; times < 6; times += 1) await change((index + times) % 2 ? gateway.url : other.url, source);
      });
      await rotate();
      await Promise.all(changes);
      // Whatever the one of the old key has sealed since is read by the other, and by the end of it sealed anew.
      const hook = await call(sources[0]?.body['hook_url'] as string, { method: 'GET' });
      expect(hook.status).toBe(200);
      expect(await rotate()).toBe(0);
      expect([...(await sealedIn()).keys()]).toEqual([new SecretBox(key).prefix]);
      const { rows } = await client.query<{ id: string; secrets: string }>(
        'select id, secrets from sources where secrets is not null',
      );
      const box = new SecretBox(key);
      const read = rows.map(
        ({ id, secrets }) => [id, JSON.parse(box.open(secrets, `sources/${id}/secrets`)) as object] as const,
      );
      expect(new Map(read)).toEqual(new Map([...entrusted].map(([id, secret]) => [id, { signing_secrets: [secret] }])));
      // The gateway of the first step reads it all as well.
      await gateway.app.get(DestinationDirectory, { strict: false }).reload();
      expect(await gateway.groove('ticket_started', { number: 1, title: 'Still' })).toMatchObject({ status: 202 });
    } finally {
      await other.stop();
    }
  });

  it('goes on where it was broken off', async () => {
    await client.query(`
      create function be_away() returns trigger language plpgsql as
        $$ begin raise exception 'gone' using errcode = 'admin_shutdown'; end $$;
      create trigger away before update on destinations for each statement execute function be_away()`);
    await expect(rotate()).rejects.toThrow('gone');
    const half = await sealedIn();
    expect(new Set(half.get(new SecretBox(key).prefix))).toEqual(new Set(['sources.token']));
    expect(half.get(new SecretBox(oldKey).prefix)).toEqual(['destinations.secrets']);
    await client.query('drop trigger away on destinations');
    expect(await rotate()).toBe(0);
    expect([...(await sealedIn()).keys()]).toEqual([new SecretBox(key).prefix]);
  });

  it('waits for nobody, and comes back to what somebody was changing', async () => {
    await client.query('begin');
    await client.query("select from sources where provider = 'groove' for update");
    const done = rotate();
    await waitUntil(async () => {
      const left: { count: number }[] = await dataSource.query(
        'select count(*)::int as count from sources where not starts_with(token, $1)',
        [new SecretBox(key).prefix],
      );
      return left[0]?.count === 1;
    });
    await client.query('commit');
    expect(await done).toBe(0);
  });

  it('says whose secrets no key decrypts, and takes over all others', async () => {
    const [damaged] = await entrust(1);
    const id = String(damaged?.body['id']);
    await client.query("update sources set secrets = overlay(secrets placing 'AAAA' from 20) where id = $1", [id]);
    expect(await rotate()).toBe(1);
    expect(said).toContain(', and 1 are not.\n');
    expect(said).toContain(`sources/${id}/secrets: no key that is known decrypts it.\n`);
    expect((await sealedIn()).get(new SecretBox(oldKey).prefix)).toEqual(['sources.secrets']);
  });

  it('changes nothing where the former key is not given', async () => {
    const before = await sealedIn();
    expect(await rotate({})).toBe(1);
    expect(await sealedIn()).toEqual(before);
  });

  it('is not tried without one', () => {
    expect(() => validateEncryptionEnvironment({ DATABASE_URL: gateway.databaseUrl })).toThrow(
      'ENCRYPTION_KEY: required',
    );
  });
});

describe('the encryption key that Deskwire keeps in DATA_DIR', () => {
  it('is replaced by a new one, as often as you like, while the gateway runs', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'deskwire-rotation-'));
    const keys = keySourceOf({ DATA_DIR: dataDir });
    const gateway = await TestGateway.start({}, undefined, { encryptionKey: keys });
    const dataSource = await new DataSource({ type: 'postgres', url: gateway.databaseUrl }).initialize();
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const used: string[] = [];
    try {
      for (let times = 0; times < 3; times += 1) {
        used.push(keys().current);
        expect(await rotateEncryptionOf(dataSource, validateEncryptionEnvironment({ DATA_DIR: dataDir }))).toBe(0);
        expect(keys()).toEqual({ current: expect.not.stringMatching(used.join('|')), readOnly: used.slice(-1) });
        // It has not been started again, and what it seals now can be read after the next rotation too.
        const body = { name: `W${times}`, kind: 'webhook', settings: { url: gateway.url } };
        expect((await gateway.api('POST', '/destinations', body)).status).toBe(201);
        expect(await new EncryptionRotation(dataSource, new SecretBox(keys)).count()).toMatchObject({ other: 0 });
      }
      const [present] = (await readFile(join(dataDir, 'encryption.key'), 'utf8')).split('\n');
      await gateway.app.get(DestinationDirectory, { strict: false }).reload();
      const box = new SecretBox(present ?? '');
      const rows: { id: string; secrets: string }[] = await dataSource.query('select id, secrets from destinations');
      expect(rows).toHaveLength(4);
      for (const { id, secrets } of rows) expect(box.open(secrets, `destinations/${id}/secrets`)).toMatch(/^\{/);
    } finally {
      stderr.mockRestore();
      await dataSource.destroy();
      await gateway.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
