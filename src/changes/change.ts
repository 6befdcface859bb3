import { newId } from '../clock/new-id.js';
import type { AdminCall, ChangeWay } from './admin-call.js';
import { type PersonReference, referToPeople } from './refer-to-people.js';

/**
 * What admins change: what they manage, what of the log they send again, cancel or route again; and a `person`, who is
 * erased, and never named.
 */
export const SUBJECT_KINDS = ['source', 'destination', 'route', 'api_key', 'delivery', 'event', 'person'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** A change as whoever makes it describes it. */
export interface Change {
  /** A word, e.g. `create`, `update`, `delete`, `rotate_token`. */
  action: string;
  subject: { kind: SubjectKind; id: string; name: string };
  /** The thing as it was, without secrets; null where it was not. */
  before: object | null;
  /** The thing as it is now. */
  after: object | null;
}

/** A change as it is written. */
export interface ChangeRecord extends Change {
  id: string;
  /** The same for all changes of one request. */
  requestId: string;
  at: Date;
  via: ChangeWay;
  keyId: string | null;
  address: PersonReference | null;
  /** What `address`, `before` and `after` refer to. */
  people: PersonReference[];
}

/**
 * @returns a change as it is written: what it says of people stands apart, since it can be asked to be erased and the
 * record itself never changes
 */
export function toRecord(change: Change, call: AdminCall, requestId: string, at: Date): ChangeRecord {
  const people = new Map<string, PersonReference>();
  const refer = (value: string): PersonReference => {
    const reference = people.get(value) ?? { id: newId(at), value };
    people.set(value, reference);
    return reference;
  };
  return {
    ...change,
    id: newId(at),
    requestId,
    at,
    via: call.via,
    keyId: call.keyId,
    address: call.address === null ? null : refer(call.address),
    before: change.before && referToPeople(change.before, refer),
    after: change.after && referToPeople(change.after, refer),
    people: [...people.values()],
  };
}
