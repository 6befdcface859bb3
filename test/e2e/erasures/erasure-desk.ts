import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DeliveryDesk } from '../../support/delivery-desk.js';
import { type Answer, call } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';
import { CallbackListener } from '../ticket-desk/callback-listener.js';

type Row = Record<string, unknown>;

interface Fixture {
  headers: Record<string, string>;
  body?: unknown;
  text?: string;
}

/** So many may go at once of twice as many a minute; then messages wait and are joined. */
const AT_ONCE = 10;
/** What changes by itself. */
const OWN_PACE = ['destination_leases', 'log_marks'];

/** A gateway with a scripted Zulip and a webhook receiver, whose database a test can search through. */
export class ErasureDesk {
  private keys = 0;

  private constructor(
    readonly desk: DeliveryDesk,
    readonly receiver: CallbackListener,
    readonly db: Client,
  ) {}

  /** @param settings of the Zulip destination */
  static async start(settings: Row = {}): Promise<ErasureDesk> {
    const desk = await DeliveryDesk.start({ settings });
    const receiver = await CallbackListener.start();
    const db = new Client({ connectionString: desk.gateway.databaseUrl });
    await db.connect();
    return new ErasureDesk(desk, receiver, db);
  }

  async stop(): Promise<void> {
    await this.db.end();
    await this.desk.stop();
    await this.receiver.stop();
  }

  erase(email: string, fields: Row = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.desk.gateway.api('POST', '/erasures', { email, ...fields }, undefined, headers);
  }

  /** Posts a webhook as a helpdesk did, with other words in it. */
  async post(provider: string, fixture: string, words: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const path = join(__dirname, `../../../src/providers/${provider}/fixtures/${fixture}.json`);
    const { headers, body, text } = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
    const written = text ?? JSON.stringify(body);
    const spoken = Object.entries(words).reduce((said, [from, to]) => said.replaceAll(from, to), written);
    return call(this.desk.gateway.hookUrl(provider), { method: 'POST', headers, body: spoken });
  }

  /** A customer replies at Groove. */
  async reply(ticket: number, email: string, text: string): Promise<string> {
    this.keys += 1;
    const { body } = await this.desk.gateway.groove('customer_replied', {
      id: `reply-${this.keys}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: `/v1/customers/${email}` } },
    });
    return String((body['event_ids'] as string[])[0]);
  }

  /** Uses up what may go at once, so that what comes next is joined. */
  async useUpTheRate(): Promise<void> {
    for (let ticket = 900; ticket < 900 + AT_ONCE; ticket += 1) await this.reply(ticket, 'c@example.com', 'earlier');
    await this.desk.inStates(...Array.from({ length: AT_ONCE }, () => 'delivered'));
  }

  /** Time goes on until all that has come is sent, and can be found by its words. */
  async settle(): Promise<void> {
    await waitUntil(async () => {
      const [row] = await this.sql(
        `select (select count(*) from deliveries where state = 'sending') as sending,
                (select count(*) from deliveries where state in ('pending', 'sending')) as open,
                (select count(*) from events) - (select count(*) from event_words)
                + (select count(*) from deliveries) - (select count(*) from delivery_words) as wordless`,
      );
      if (row?.['open'] === '0' && row['wordless'] === '0') return true;
      this.desk.clock.advance(row?.['sending'] === '0' ? 1_000 : 50);
      return false;
    });
  }

  async sql(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.query<Row>(text, values)).rows;
  }

  /** @returns where in the whole database any of the words stands, as `table: row` */
  async search(words: readonly string[]): Promise<string[]> {
    const patterns = words.map((word) => `%${word}%`);
    const found: string[] = [];
    for (const { name, bytes } of await this.tables()) {
      const text = [`t::text`, ...bytes.map((column) => `encode(t.${column}, 'escape')`)].join(`, `);
      const rows = await this.sql(`select t::text as row from ${name} t where concat_ws(' ', ${text}) ilike any ($1)`, [
        patterns,
      ]);
      found.push(...rows.map(({ row }) => `${name}: ${String(row)}`));
    }
    return found;
  }

  /** @returns a hash of each table */
  async hashes(): Promise<Row> {
    const hashes: Row = {};
    for (const { name } of await this.tables()) {
      if (OWN_PACE.includes(name)) continue;
      const [row] = await this.sql(`select md5(string_agg(t::text, E'\\n' order by t::text)) as hash from ${name} t`);
      hashes[name] = row?.['hash'];
    }
    return hashes;
  }

  private async tables(): Promise<{ name: string; bytes: string[] }[]> {
    const { rows } = await this.db.query<{ name: string; bytes: string[] }>(`
      select c.relname as name,
             array(select attname::text from pg_attribute where attrelid = c.oid and atttypid = 'bytea'::regtype
                   and attnum > 0 and not attisdropped) as bytes
      from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      order by c.relname`);
    return rows;
  }
}
