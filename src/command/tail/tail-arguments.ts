import { readFileSync } from 'node:fs';
import { publicUrl } from '../../config/validate-environment.js';
import type { ClientEnvironment } from '../../config/validate-environment.js';
import { errorCode } from '../../database/error-code.js';
import { readArguments } from '../read-arguments.js';
import { UsageError } from '../usage-error.js';

export const TAIL_USAGE = `Usage: deskwire tail [--url URL] [--key KEY | --key-file FILE] [--lines COUNT] [--every SECONDS] [--json]
                     [--state STATE] [--destination ID] [--source ID] [--route ID] [--ticket KEY] [--reason REASON]

Follows the log of deliveries until it is interrupted: a line for each, and another when its state has changed.

--url        of the gateway; without it http://HOST:PORT of the environment, http://127.0.0.1:3000 where that says nothing
--key        an API key that may read (admin or auditor). Whoever lists the processes of the machine sees it:
--key-file   reads it from a file; without either it is ADMIN_API_KEY of the environment
--lines      how many of the newest it begins with: 0 to 500, 10 without it
--every      how many seconds it waits between two looks: 0.2 to 3600, 2 without it
--json       prints deliveries as the API answers them, a JSON document a line
--state      and the others: only what the list has under this filter
`;

/** What is to be followed, and how. */
export interface TailArguments {
  url: string;
  key: string;
  filters: Record<string, string>;
  lines: number;
  everyMs: number;
  json: boolean;
}

const text = { type: 'string' } as const;
const OPTIONS = {
  url: text,
  key: text,
  'key-file': text,
  lines: text,
  every: text,
  json: { type: 'boolean' },
  state: text,
  destination: text,
  source: text,
  route: text,
  ticket: text,
  reason: text,
} as const;

/** Options, and what the list calls them. */
const FILTERS = {
  state: 'state',
  destination: 'destination_id',
  source: 'source_id',
  route: 'route_id',
  ticket: 'ticket',
  reason: 'reason',
} as const;

const DEFAULT_LINES = '10';
const MOST_LINES = 500;
const DEFAULT_SECONDS = '2';
const LEAST_SECONDS = 0.2;
const MOST_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;

/** @throws UsageError that says what is wrong */
export function readTailArguments(args: readonly string[], environment: ClientEnvironment): TailArguments {
  const { values } = readArguments(args, OPTIONS);
  const { lines = DEFAULT_LINES, every = DEFAULT_SECONDS, json = false } = values;
  const url = values.url ?? publicUrl(environment);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new UsageError('--url must begin with http:// or https://.');
  const filters = Object.entries(FILTERS).flatMap(([option, name]) => {
    const value = values[option as keyof typeof FILTERS];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    url: url.replace(/\/+$/, ''),
    key: readKey(values, environment),
    filters: Object.fromEntries(filters) as Record<string, string>,
    lines: readNumber('--lines', lines, 0, MOST_LINES, true),
    everyMs: readNumber('--every', every, LEAST_SECONDS, MOST_SECONDS, false) * MS_PER_SECOND,
    json,
  };
}

function readKey(values: { key?: string; 'key-file'?: string }, { ADMIN_API_KEY }: ClientEnvironment): string {
  const { key, 'key-file': file } = values;
  if (key !== undefined && file !== undefined) throw new UsageError('Give --key or --key-file, not both.');
  const given = file === undefined ? (key ?? ADMIN_API_KEY) : readKeyFile(file);
  if (given === undefined) throw new UsageError('A key is needed: --key-file, --key, or ADMIN_API_KEY.');
  // What a header cannot hold would be quoted by the error that says so.
  if (!/^[\x21-\x7e]+$/.test(given)) throw new UsageError('The key is not one: it has characters that keys have not.');
  return given;
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${errorCode(error) ?? String(error)}).`);
  }
}

function readNumber(option: string, given: string, least: number, most: number, isWhole: boolean): number {
  const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
    throw new UsageError(`${option} must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`);
  }
  return value;
}
