import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { errorCode } from '../../database/error-code.js';
import type { Command } from '../command.js';
import { describeFetchError } from '../describe-fetch-error.js';
import { readArguments } from '../read-arguments.js';
import { UsageError } from '../usage-error.js';
import { makeRequest, type WebhookRequest } from './make-request.js';

const ANSWER_LIMIT_MS = 30_000;
const STANDARD_INPUT = '-';

const usage = `Usage: deskwire send FILE --to HOOK_URL [--event NAME] [--header 'Name: value']...

Posts a stored webhook, as its helpdesk would, and prints the answer. It ends with 0 where the gateway took it, else with 1.

FILE       the body, byte for byte; - is standard input. Or a file of the form of src/providers/*/fixtures/*.json, with
           "headers" and "body" (or "text"): its body is sent with its own headers
--to       where to, e.g. http://127.0.0.1:3000/hooks/groove/TOKEN
--event    the event's name, for Groove, which gives it in a header; without it the beginning of FILE's name:
           ticket_started.json, ticket_started__what-it-is.json
--header   another header, or another value than it would have; may be repeated

  deskwire send ticket_started.json --to http://127.0.0.1:3000/hooks/groove/TOKEN
`;

export const send: Command = {
  usage,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      { to: { type: 'string' }, event: { type: 'string' }, header: { type: 'string', multiple: true } },
      1,
    );
    const [file] = positionals;
    if (file === undefined) throw new UsageError('Say which file to send.');
    if (values.to === undefined) throw new UsageError('Say where to, by --to: the hook URL of a source.');
    const { to, event, header = [] } = values;
    const content = await read(file);
    return post(makeRequest({ file, content, to, headers: header, ...(event !== undefined && { event }) }));
  },
};

async function read(file: string): Promise<Buffer> {
  if (file === STANDARD_INPUT) return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${errorCode(error) ?? String(error)}).`);
  }
}

async function post({ url, headers, body }: WebhookRequest): Promise<number> {
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    const answer = await response.text();
    process.stdout.write(`${response.status} ${answer.trim()}\n`);
    return response.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`Nothing was answered: ${describeFetchError(error)}\n`);
    return 1;
  }
}
