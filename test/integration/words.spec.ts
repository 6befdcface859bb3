import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

/** Each with a word of it. */
const TEXTS = [
  ['one\u00a0two', 'two'],
  ['one\u3000two', 'ONE'],
  ['東京、大阪', '大阪'],
  ['「東京」', '東京'],
  ['¿qué?', 'qué'],
  ['a.b@example.com', 'example'],
  ['x\u2028y', 'y'],
] as const;

describe.each(['C', 'C.UTF-8'])('words in a database of the locale %s', (locale) => {
  let database: TestDatabase;
  let client: Client;
  const name = `words_${locale.replace(/\W/g, '_').toLowerCase()}`;

  const connect = async (url: string): Promise<Client> => {
    const connected = new Client({ connectionString: url });
    await connected.connect();
    return connected;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const maker = await connect(database.url);
    const { rows } = await maker.query<{ text: string }>(
      "select pg_get_functiondef(oid) as text from pg_proc where proname in ('deskwire_words', 'deskwire_question')",
    );
    await maker.query(`drop database if exists ${name}`);
    await maker.query(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype '${locale}'`);
    await maker.end();
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    client = await connect(url.href);
    for (const { text } of rows) await client.query(text);
  });

  afterAll(async () => {
    await client.end();
    const maker = await connect(database.url);
    await maker.query(`drop database ${name}`);
    await maker.end();
    await database.drop();
  });

  const finds = async (text: string, question: string): Promise<boolean | undefined> => {
    const { rows } = await client.query<{ is_found: boolean }>(
      'select deskwire_words($1) @@ deskwire_question($2) as is_found',
      [text, question],
    );
    return rows[0]?.is_found;
  };

  it.each(TEXTS)('finds %s', async (text, word) => {
    expect([await finds(text, text), await finds(text, word)]).toEqual([true, true]);
  });

  // The parser of some locales splits them further.
  it.each(['5×4', 'a→b', 'fire🔥hot', '12€50', 'foo™bar'])('finds %s by itself', async (text) => {
    expect([await finds(text, text), await finds(text, `${text}*`)]).toEqual([true, true]);
  });
});
