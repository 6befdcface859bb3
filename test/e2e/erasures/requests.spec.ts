import { Client } from 'pg';
import { catchLogLines } from '../../support/catch-log-lines.js';
import type { Answer } from '../../support/test-gateway.js';
import { ErasureDesk } from './erasure-desk.js';

const EMAIL = 'grace@example.com';
const LOCK = 2_342_108_152;

describe('requests for an erasure', () => {
  let erasures: ErasureDesk;

  beforeEach(async () => {
    erasures = await ErasureDesk.start();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await erasures.stop();
  });

  const post = (body: unknown, key?: string): Promise<Answer> =>
    erasures.desk.gateway.api('POST', '/erasures', body, key);

  it.each<[string, unknown]>([
    ['no address', {}],
    ['nothing', undefined],
    ['a name', { email: 'Grace Hopper' }],
    ['half an address', { email: '@example.com' }],
    ['an address with a space', { email: ' grace@example.com' }],
    ['two addresses', { email: ['a@example.com', 'b@example.com'] }],
    ['a pattern', { email: '%@example.com%' }],
    ['an endless address', { email: `${'a'.repeat(300)}@example.com` }],
    ['NUL', { email: 'gr\0ace@example.com' }],
    ['a dry run that is no yes or no', { email: EMAIL, dry_run: 'yes' }],
    ['a dry run of null', { email: EMAIL, dry_run: null }],
    ['an unknown field', { email: EMAIL, dryrun: true }],
  ])('are refused with %s', async (_story, body) => {
    const answer = await post(body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    expect((await erasures.desk.gateway.api('GET', '/changes?kind=person')).body.data).toEqual([]);
  });

  it('are an admin’s', async () => {
    const { body } = await erasures.desk.gateway.api('POST', '/api-keys', { name: 'A', role: 'auditor' });
    expect((await post({ email: EMAIL }, String(body['key']))).status).toBe(403);
  });

  it('are answered one at a time', async () => {
    const other = new Client({ connectionString: erasures.desk.gateway.databaseUrl });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [LOCK]);
    const refused = await post({ email: EMAIL });
    expect([refused.status, refused.body['code']]).toEqual([409, 'in_progress']);
    await other.end();
    expect((await post({ email: EMAIL })).status).toBe(200);
    expect((await post({ email: EMAIL })).status).toBe(200);
  });

  it('are done once with an Idempotency-Key, and answered again as the first time', async () => {
    await erasures.reply(1, EMAIL, 'hello');
    await erasures.settle();
    const key = { 'idempotency-key': 'erase-1' };
    const first = await erasures.erase(EMAIL, {}, key);
    const again = await erasures.erase(EMAIL, {}, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.body).toMatchObject({ events: 1, messages: [{ message_ids: [100] }] });
    expect(await erasures.search(['grace'])).toEqual([]);
    const other = await erasures.erase('ada@example.com', {}, key);
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('name nobody in the log of the process, also when they break off; what was done is on record', async () => {
    const lines = catchLogLines();
    await erasures.reply(1, EMAIL, 'hello');
    await erasures.settle();
    await erasures.sql(`
      create function be_away() returns trigger language plpgsql as
        $$ begin raise exception 'gone' using errcode = 'admin_shutdown'; end $$;
      create trigger away before update on change_people for each statement execute function be_away()`);
    const broken = await erasures.erase(EMAIL);
    expect([broken.status, broken.body['code']]).toEqual([503, 'database_unavailable']);
    expect(lines.join('\n')).toContain('an erasure broke off');
    expect(lines.join('\n')).not.toContain('grace');
    await erasures.sql('drop trigger away on change_people');
    expect((await erasures.erase(EMAIL)).body).toMatchObject({ events: 0, complete: true });
    const { body } = await erasures.desk.gateway.api('GET', '/changes?kind=person');
    expect(body.data.map(({ after }) => after)).toMatchObject([
      { events: 0, complete: true },
      { events: 1, complete: false },
    ]);
  });
});
