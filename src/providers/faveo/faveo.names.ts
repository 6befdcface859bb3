import type { SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { NormalPriority, NormalStatus, Term } from '../../ticket-event/ticket-event.js';
import { omitUndefined } from '../omit-undefined.js';
import { asLine, type Payload, readLine, readPayload, readValue } from '../read-payload.js';

/** What is there in every new Faveo, by id; a helpdesk may rename all of it. */
const DEPARTMENTS: Payload = { 1: 'Support', 2: 'Sales', 3: 'Operation' };
const PRIORITIES: Payload = { 1: 'Low', 2: 'Normal', 3: 'High', 4: 'Emergency' };
const STATUSES: Payload = {
  1: 'Open',
  2: 'Resolved',
  3: 'Closed',
  4: 'Archived',
  5: 'Deleted',
  6: 'Unverified',
  7: 'Request Approval',
};

/** By name, since ids mean what a helpdesk makes of them. */
const NORMAL_PRIORITIES: ReadonlyMap<string, NormalPriority> = new Map([
  ['low', 'low'],
  ['normal', 'medium'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['emergency', 'urgent'],
  ['urgent', 'urgent'],
]);
const NORMAL_STATUSES: ReadonlyMap<string, NormalStatus> = new Map([
  ['open', 'open'],
  ['reopened', 'open'],
  ['in progress', 'open'],
  ['pending', 'pending'],
  ['waiting', 'pending'],
  ['on hold', 'pending'],
  ['unverified', 'pending'],
  ['unapproved', 'pending'],
  ['request approval', 'pending'],
  ['request for close', 'pending'],
  ['resolved', 'solved'],
  ['solved', 'solved'],
  ['closed', 'closed'],
  ['archived', 'closed'],
  ['deleted', 'closed'],
  ['merged', 'closed'],
  ['spam', 'closed'],
]);
/** The names in its table `ticket_status_type`, spelled as Faveo spells them. */
const NORMAL_STATUS_TYPES: ReadonlyMap<string, NormalStatus> = new Map([
  ['open', 'open'],
  ['closed', 'closed'],
  ['archieved', 'closed'],
  ['deleted', 'closed'],
  ['approval', 'pending'],
  ['spam', 'closed'],
  ['unapproved', 'pending'],
]);
const LONGEST_WORD = 100;
/** `On hold`, `on-hold`, `ON_HOLD`. */
const WORD_GAP = /[\s_-]+/g;

/** @returns an id; undefined where Faveo writes 0 for none */
export function readId(payload: Payload, name: string): string | undefined {
  const id = readLine(payload, name);
  return id === '0' ? undefined : id;
}

/** Names behind the ids of a ticket, of which a webhook has only a few: those of the source's settings go first. */
export class SourceNames {
  private readonly settings: Payload;

  constructor(source: SourceSettings) {
    this.settings = source.settings;
  }

  /** @returns the name, else the id */
  department(id: string | undefined): string | undefined {
    return this.named('departments', id) ?? named(DEPARTMENTS, id) ?? id;
  }

  priority(id: string | undefined): Term<NormalPriority> | undefined {
    const native = this.named('priorities', id) ?? named(PRIORITIES, id) ?? id;
    return native === undefined ? undefined : makeTerm(native, NORMAL_PRIORITIES.get(asWord(native)));
  }

  /** @param told the status that the webhook names, which often is the one before: it counts only if its id is the same */
  status(id: string | undefined, told: Payload): Term<NormalStatus> | undefined {
    const isTold = id !== undefined && readLine(told, 'id') === id;
    const native =
      this.named('statuses', id) ?? (isTold ? readLine(told, 'name') : undefined) ?? named(STATUSES, id) ?? id;
    if (native === undefined) return undefined;
    const type = isTold ? readLine(readPayload(told, 'type'), 'name') : undefined;
    return makeTerm(native, NORMAL_STATUSES.get(asWord(native)) ?? NORMAL_STATUS_TYPES.get(asWord(type ?? '')));
  }

  agent(id: string | undefined): string | undefined {
    return this.named('agents', id);
  }

  private named(setting: string, id: string | undefined): string | undefined {
    return named(readPayload(this.settings, setting), id);
  }
}

function named(names: Payload, id: string | undefined): string | undefined {
  return id === undefined ? undefined : asLine(readValue(names, id));
}

function makeTerm<Normal extends string>(native: string, normal: Normal | undefined): Term<Normal> {
  return omitUndefined<Term<Normal>>({ native, normal });
}

/** Longer names are none of ours: not worth a look at each of their gaps. */
function asWord(name: string): string {
  return name.length > LONGEST_WORD ? name : name.toLowerCase().replace(WORD_GAP, ' ');
}
