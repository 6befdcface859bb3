import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../src/database/database.js';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';
import { persistWebhooks } from '../src/intake/sql/persist-webhooks.js';
import { temporaryDirectory } from './gateway-process.js';
import { makeWebhook, type Road } from './ticket-events.js';

const CONNECTIONS = 2;
/** Webhooks in a commit, as intake writes them under load. */
const BATCH = 250;

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An embedded PostgreSQL as a gateway starts it, with its schema, that outlives the gateways of a bench. */
export class BenchDatabase {
  private constructor(
    readonly url: string,
    /** For the bench itself. */
    readonly db: Database,
    /** A directory for the gateways of the bench. */
    readonly directory: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<BenchDatabase> {
    const directory = temporaryDirectory();
    const gateways = join(directory.path, 'gateways');
    mkdirSync(gateways);
    const postgres = await startEmbeddedPostgres({ dataDir: join(directory.path, 'server'), log: quiet });
    await migrate(postgres.url, new Date());
    const db = new Database(postgres.url, CONNECTIONS);
    return new BenchDatabase(postgres.url, db, gateways, async () => {
      await db.close();
      await postgres.stop();
      directory.remove();
    });
  }

  /** The log, what came of it, and what is known of it. */
  async emptyLog(): Promise<void> {
    await this.db.query(
      {
        text: `
          truncate events, deliveries, attempts, threads, topics, deduplication_keys, event_words, delivery_words,
                   event_summaries, delivery_summaries, latency_summaries`,
      },
      [],
    );
  }

  /** Empties the log and what came of it, and puts webhooks into the queue by the statement that intake uses. */
  async fillQueue(webhooks: number, tickets: number, road: Road, now: () => Date): Promise<void> {
    await this.emptyLog();
    for (let index = 0; index < webhooks; index += BATCH) {
      const indexes = Array.from({ length: Math.min(BATCH, webhooks - index) }, (_, offset) => index + offset);
      const records = indexes.map((each) => makeWebhook(each, tickets, road, now()));
      await persistWebhooks(this.db, records, now());
    }
  }

  /** @returns how many deliveries are in each state */
  async states(): Promise<Record<string, number>> {
    const rows = await this.db.query<{ state: string; count: number }>(
      { text: 'select state, count(*)::int as count from deliveries group by state' },
      [],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** Of the mean event and message: bytes of JSON, and characters of what was said of it. */
  async sizes(): Promise<{ event_bytes: number; message_characters: number }> {
    const [row] = await this.db.query<{ event_bytes: number; message_characters: number }>(
      {
        text: `
          select avg(octet_length(e.event::text))::int as event_bytes, avg(length(d.content))::int as message_characters
          from deliveries d
          join events e on e.id = d.event_id`,
      },
      [],
    );
    return row ?? { event_bytes: 0, message_characters: 0 };
  }

  async stop(): Promise<void> {
    await this.end();
  }
}
