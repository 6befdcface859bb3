import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBody } from '../../intake/parse-body.js';
import type { InboundRequest } from '../../ticket-event/provider-adapter.js';

/**
 * `<event>__<case>.json`: a webhook as it came. Its body stands as JSON under `body`, or as the exact text under `text`
 * where it is a form or where its spelling is the point.
 */
interface FixtureFile {
  /** Where it comes from, or which trap it is. */
  about: string;
  /** Shown by `npm run demo`. */
  demo?: boolean;
  headers: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  text?: string;
}

/** `<event>__<case>.expected.json`: the drafts with dates in ISO 8601 and without the hash of a content identity, or the error. */
export type Expectation = readonly Record<string, unknown>[] | { error: string; message: string };

export interface Fixture {
  /** The file's name without `.json`. */
  name: string;
  event: string;
  about: string;
  /** A new one each time, parsed as intake parses it. */
  makeRequest(): InboundRequest;
  expected: Expectation;
  /** Both files as they are. */
  source: string;
}

const EXPECTED = '.expected.json';
const REQUEST_NAME = /^(.+?)__[\w-]+\.json$/;

/** @throws Error when the folder is empty, a name is not `<event>__<case>.json`, or one of the two files is missing */
export function loadFixtures(directory: string): Fixture[] {
  const files = readdirSync(directory).sort();
  const requests = files.filter((file) => !file.endsWith(EXPECTED));
  const orphan = files.find((file) => file.endsWith(EXPECTED) && !requests.includes(file.replace(EXPECTED, '.json')));
  if (orphan !== undefined) throw new Error(`${orphan} has no request beside it.`);
  if (requests.length === 0) throw new Error(`There are no fixtures in ${directory}.`);
  return requests.map((file) => loadFixture(directory, file));
}

function loadFixture(directory: string, file: string): Fixture {
  const event = REQUEST_NAME.exec(file)?.[1];
  if (event === undefined) throw new Error(`${file} is not named <event>__<case>.json.`);
  const source = readFileSync(join(directory, file), 'utf8');
  const expectedSource = readFileSync(join(directory, file.replace(/\.json$/, EXPECTED)), 'utf8');
  const { about, headers, query = {}, body, text } = JSON.parse(source) as FixtureFile;
  const rawBody = text ?? JSON.stringify(body);
  return {
    name: file.slice(0, -'.json'.length),
    event,
    about,
    makeRequest: () => ({
      headers: { ...headers },
      query: { ...query },
      body: parseBody(Buffer.from(rawBody), headers['content-type']),
      rawBody: Buffer.from(rawBody),
    }),
    expected: JSON.parse(expectedSource) as Expectation,
    source: source + expectedSource,
  };
}
