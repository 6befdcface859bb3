import type { NormalPriority, NormalStatus, Term } from '../../../ticket-event/ticket-event.js';
import { omitUndefined } from '../../omit-undefined.js';

/** `1 - Critical`: ServiceNow's lists and forms show codes and names at once. */
const NUMBERED = /^\d+ - /;

/** What a platform calls its statuses or its priorities. */
export interface Vocabulary<Normal extends string> {
  /** Names by the codes that the platform sends in their place. */
  readonly codes: ReadonlyMap<string, string>;
  /** Our names by those of the platform, in lower case. */
  readonly normals: ReadonlyMap<string, Normal>;
}

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format: in webhooks in capitals. */
export const ZENDESK_STATUSES = vocabulary<NormalStatus>({
  open: 'new open',
  pending: 'pending hold',
  solved: 'solved',
  closed: 'closed archived',
});

export const ZENDESK_PRIORITIES = vocabulary<NormalPriority>({
  urgent: 'urgent',
  high: 'high',
  medium: 'normal',
  low: 'low',
});

/** https://developers.freshdesk.com/api/#tickets: four statuses have fixed numbers, a helpdesk may add its own from 6 on. */
export const FRESHDESK_STATUSES = vocabulary<NormalStatus>(
  {
    open: 'open',
    pending: 'pending waiting_on_customer waiting_on_third_party',
    solved: 'resolved',
    closed: 'closed',
  },
  { 2: 'Open', 3: 'Pending', 4: 'Resolved', 5: 'Closed' },
);

/** The higher the number, the more urgent. */
export const FRESHDESK_PRIORITIES = vocabulary<NormalPriority>(
  { urgent: 'urgent', high: 'high', medium: 'medium', low: 'low' },
  { 1: 'Low', 2: 'Medium', 3: 'High', 4: 'Urgent' },
);

/** The defaults of Jira Cloud, and those of Jira Server before them: Blocker to Trivial. */
export const JIRA_PRIORITIES = vocabulary<NormalPriority>({
  urgent: 'highest blocker critical',
  high: 'high',
  medium: 'medium major',
  low: 'low lowest minor trivial',
});

/** Jira's statuses are every project's own, but each belongs to one of three categories; these are their keys. */
export const JIRA_STATUS_CATEGORIES = vocabulary<NormalStatus>({ open: 'new indeterminate', closed: 'done' });

/** The states of incidents; other tables number their own. */
export const SERVICENOW_INCIDENT_STATES = vocabulary<NormalStatus>(
  { open: 'new in_progress', pending: 'on_hold', solved: 'resolved', closed: 'closed canceled cancelled' },
  { 1: 'New', 2: 'In Progress', 3: 'On Hold', 6: 'Resolved', 7: 'Closed', 8: 'Canceled' },
);

/** The lower the number, the more urgent. */
export const SERVICENOW_PRIORITIES = vocabulary<NormalPriority>(
  { urgent: 'critical', high: 'high', medium: 'moderate', low: 'low planning' },
  { 1: 'Critical', 2: 'High', 3: 'Moderate', 4: 'Low', 5: 'Planning' },
);

/** @returns the name that a code stands for; everything else as it is */
export function nameOf(spelled: string, { codes }: Vocabulary<string>): string {
  return codes.get(spelled) ?? spelled;
}

/** @returns undefined where nothing is said */
export function readTerm<Normal extends string>(
  spelled: string | undefined,
  words: Vocabulary<Normal>,
): Term<Normal> | undefined {
  return spelled === undefined ? undefined : toTerm(spelled, words);
}

/** @returns what was said, by its name, with our name where we have one */
export function toTerm<Normal extends string>(spelled: string, words: Vocabulary<Normal>): Term<Normal> {
  const native = nameOf(spelled, words);
  const name = native.replace(NUMBERED, '').toLowerCase();
  return omitUndefined<Term<Normal>>({ native, normal: words.normals.get(name) });
}

/** @param names the platform's names by ours, apart by spaces; `_` stands for a space within one */
function vocabulary<Normal extends string>(
  names: Partial<Record<Normal, string>>,
  codes: Readonly<Record<number, string>> = {},
): Vocabulary<Normal> {
  const normals = Object.entries<string | undefined>(names).flatMap(([normal, list = '']) =>
    list.split(' ').map((name): [string, Normal] => [name.replaceAll('_', ' '), normal as Normal]),
  );
  return { codes: new Map(Object.entries(codes)), normals: new Map(normals) };
}
