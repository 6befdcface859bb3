import { DataSource } from 'typeorm';
import { PartitionKeeper } from '../../src/database/partition-keeper.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_MS = 86_400_000;

describe('PartitionKeeper', () => {
  it('makes the months to come while the gateway runs, and stops when told', async () => {
    const database = await createTestDatabase();
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const clock = new FakeClock(Date.parse('2031-05-30T12:00:00Z'));
    const keeper = new PartitionKeeper(dataSource, clock);
    const newest = async (): Promise<string | undefined> => {
      const [row]: { name: string }[] = await dataSource.query(
        `select max(c.relname) as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'events'::regclass`,
      );
      return row?.name;
    };
    keeper.start();
    clock.advance(DAY_MS);
    await waitUntil(async () => (await newest()) === 'events_2031_08');
    await waitUntil(() => clock.delays.length === 2);
    clock.advance(DAY_MS);
    await waitUntil(async () => (await newest()) === 'events_2031_09');
    await waitUntil(() => clock.delays.length === 3);
    await keeper.stop();
    clock.advance(40 * DAY_MS);
    expect(await newest()).toBe('events_2031_09');
    await dataSource.destroy();
    await database.drop();
  });
});
