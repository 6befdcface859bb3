import { InvalidPayloadError } from '../../ticket-event/errors.js';
import { asPayload, type Payload, readValue } from '../read-payload.js';

/** More than any system means to say; what a hostile one sends would take too long to sort. */
const MOST_VALUES = 5_000;
/** As deep as hook bodies may nest. Tickets also come by ways that do not look at the depth. */
const DEEPEST = 100;

/**
 * Reads what else a system says of its ticket, at its own discretion. Keys are sorted, so that a ticket is the same
 * whatever order they came in.
 *
 * @returns nothing where there is no object of that name
 * @throws InvalidPayloadError
 */
export function readMetadata(form: Payload): Record<string, unknown> {
  const metadata = asPayload(readValue(form, 'metadata'));
  return metadata ? copyEntries(metadata, 1, { values: MOST_VALUES }) : {};
}

/** How many values may still be copied. */
interface Budget {
  values: number;
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  if (Array.isArray(value)) {
    spend(value.length, depth, budget);
    return value.map((item) => copy(item, depth + 1, budget));
  }
  const entries = asPayload(value);
  return entries ? copyEntries(entries, depth, budget) : value;
}

function copyEntries(entries: Payload, depth: number, budget: Budget): Record<string, unknown> {
  const names = Object.keys(entries);
  spend(names.length, depth, budget);
  return Object.fromEntries(names.sort().map((name) => [name, copy(readValue(entries, name), depth + 1, budget)]));
}

function spend(count: number, depth: number, budget: Budget): void {
  budget.values -= count;
  if (budget.values < 0) throw new InvalidPayloadError(`The metadata holds more than ${MOST_VALUES} values.`);
  if (depth > DEEPEST) throw new InvalidPayloadError(`The metadata nests deeper than ${DEEPEST} levels.`);
}
