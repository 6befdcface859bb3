import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { UnreadableBody } from './unreadable-body.js';
import { validationProblem } from './validation.js';

/** No request of ours nests deeper; class-transformer, which comes next, would follow any depth on the stack. */
const DEEPEST_INPUT = 20;

/** The longest list of ours: the ids of all routes. What validates lists looks at each element, however many there are. */
const LONGEST_LIST = 1_000;
const MOST_NAMES = 2_000;
/** Of a request; whole configurations have more. */
const MOST_VALUES = 20_000;

interface Place {
  value: unknown;
  path: string;
  depth: number;
}

/**
 * Refuses, before anything else looks at it, what PostgreSQL's text and jsonb cannot hold (NUL, lone surrogates) and what
 * nests or counts absurdly: a 400 that says where, in place of an error from deep inside. So is a body that could not be
 * read, and `null` where a body is expected, which would pass for an empty one.
 */
@Injectable()
export class CleanInputPipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (value instanceof UnreadableBody) throw value.problem;
    if (type === 'body' && value === null) refuse('', 'must be an object');
    if (type !== 'custom') checkCleanInput(value);
    return value;
  }
}

/**
 * @param mostValues as many as it may hold, lists and objects counted
 * @throws Problem 400 `validation_failed` where PostgreSQL could not hold it, where it nests absurdly or holds too much
 */
export function checkCleanInput(input: unknown, mostValues = MOST_VALUES): void {
  const waiting: Place[] = [{ value: input, path: '', depth: 0 }];
  let left = mostValues;
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { value, path, depth } = place;
    if (typeof value === 'string') checkText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST_INPUT) refuse(path, 'nests too deeply');
    const children = Object.entries(value);
    if (children.length > (Array.isArray(value) ? LONGEST_LIST : MOST_NAMES)) refuse(path, 'holds too many values');
    left -= children.length;
    if (left < 0) refuse('', 'holds too many values');
    for (const [name, child] of children) {
      const childPath = path === '' ? name : `${path}.${name}`;
      checkText(name, path);
      // A whitelist of class properties would take what every object inherits for one of its own.
      if (name in Object.prototype) refuse(childPath, 'is not a field');
      waiting.push({ value: child, path: childPath, depth: depth + 1 });
    }
  }
}

function checkText(text: string, path: string): void {
  if (text.includes('\0')) refuse(path, 'must not hold NUL');
  if (!text.isWellFormed()) refuse(path, 'must be well-formed Unicode');
}

function refuse(path: string, message: string): never {
  const field = path === '' ? 'body' : path;
  throw validationProblem([{ field, message: `${field}: ${message}` }]);
}
