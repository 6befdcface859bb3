import type { SandboxChannels } from './sandbox-channels.js';
import { badNarrow, badRequest, SandboxError } from './sandbox-error.js';
import type { SandboxMessage } from './sandbox-message.js';

type Test = (message: SandboxMessage) => boolean;
type Operand = string | number;

/** https://zulip.com/api/construct-narrow, as far as a bot that looks for its own messages needs it. */
const OPERATORS: Readonly<Record<string, (operand: Operand, channels: SandboxChannels) => Test>> = {
  channel: byChannel,
  // The name before Zulip 9.
  stream: byChannel,
  topic: byTopic,
  sender: bySender,
  id: byId,
};

/**
 * Reads a narrow: a JSON list of `{operator, operand, negated?}` or `[operator, operand]`.
 *
 * @param narrow absent or empty = every message
 * @returns a test for the messages that it lets through
 * @throws SandboxError 400 `BAD_NARROW` for an operator or operand that cannot be searched by; 400 for what is no narrow
 */
export function readNarrow(narrow: string | undefined, channels: SandboxChannels): Test {
  if (narrow === undefined || narrow === '') return () => true;
  const terms = parseList(narrow).map((term) => readTerm(term, channels));
  return (message) => terms.every((test) => test(message));
}

function parseList(narrow: string): unknown[] {
  let terms: unknown;
  try {
    terms = JSON.parse(narrow);
  } catch {
    throw badRequest('narrow is not valid JSON');
  }
  if (terms === null) return [];
  if (!Array.isArray(terms)) throw badRequest('narrow is not a list');
  return terms;
}

function readTerm(term: unknown, channels: SandboxChannels): Test {
  const { operator, operand, negated }: Record<string, unknown> = Array.isArray(term)
    ? { operator: term[0] as unknown, operand: term[1] as unknown }
    : { ...(typeof term === 'object' ? term : {}) };
  if (typeof operator !== 'string') throw badRequest('narrow: an operator is missing');
  if (typeof operand !== 'string' && typeof operand !== 'number') throw badRequest('narrow: an operand is missing');
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!make) throw badNarrow(`unknown operator ${operator}`);
  const test = make(operand, channels);
  return negated === true ? (message) => !test(message) : test;
}

function byChannel(operand: Operand, channels: SandboxChannels): Test {
  try {
    const { id } = channels.find(operand);
    return (message) => message.channel.id === id;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw badNarrow(`unknown channel ${operand}`);
  }
}

function byTopic(operand: Operand): Test {
  const topic = String(operand).toLowerCase();
  return (message) => message.topic.toLowerCase() === topic;
}

function bySender(operand: Operand): Test {
  if (typeof operand === 'number') return (message) => message.sender.id === operand;
  const email = operand.toLowerCase();
  return (message) => message.sender.email.toLowerCase() === email;
}

function byId(operand: Operand): Test {
  const text = String(operand);
  if (!/^\d+$/.test(text)) throw badNarrow('invalid message ID');
  return (message) => message.id === Number(text);
}
