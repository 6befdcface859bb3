import { parseUrl } from '../../../ticket-event/parse-url.js';
import type { SourceSettings } from '../../../ticket-event/provider-adapter.js';
import type { Actor, NormalStatus, Person, Term, Ticket } from '../../../ticket-event/ticket-event.js';
import { makePerson } from '../../make-person.js';
import { omitUndefined } from '../../omit-undefined.js';
import { type Payload, readLine, readPayload, readValue } from '../../read-payload.js';
import { readWebAddress } from '../../read-web-address.js';
import { encodePart, helpdeskPage } from './helpdesk-page.js';
import { readLines } from './read-lines.js';
import { JIRA_PRIORITIES, JIRA_STATUS_CATEGORIES, readTerm } from './vocabulary.js';

/** Behind it, apps see many sites: no page for people. */
const API_GATEWAY = 'api.atlassian.com';
const REST = /\/rest\/.*$/;

/** @returns undefined where the payload does not say which issue it is about */
export function readJiraIssue(issue: Payload, source: SourceSettings): Ticket | undefined {
  const number = readLine(issue, 'key');
  // An issue that moves to another project gets another key.
  const key = readLine(issue, 'id') ?? number;
  if (key === undefined) return undefined;
  const fields = readPayload(issue, 'fields');
  return omitUndefined<Ticket>({
    key,
    number,
    title: readLine(fields, 'summary'),
    url: number === undefined ? undefined : readIssuePage(issue, number, source),
    status: readStatus(readPayload(fields, 'status')),
    priority: readTerm(readLine(readPayload(fields, 'priority'), 'name'), JIRA_PRIORITIES),
    category: readLine(readPayload(fields, 'issuetype'), 'name'),
    platform: 'jira',
    assignee: readJiraPerson(readPayload(fields, 'assignee')),
    requester: readJiraPerson(readPayload(fields, 'reporter')),
    tags: readLines(fields, 'labels'),
    custom: readProject(readPayload(fields, 'project')),
  });
}

/** Jira Cloud has account ids, Jira Server keys and names; an address only where its owner lets everybody see it. */
function readJiraPerson(user: Payload): Person | undefined {
  return makePerson({
    id: readLine(user, 'accountId') ?? readLine(user, 'key') ?? readLine(user, 'name'),
    name: readLine(user, 'displayName'),
    email: readLine(user, 'emailAddress'),
  });
}

/** @returns somebody who did something to an issue: whoever is neither a portal's customer nor the reporter works on it */
export function readJiraActor(user: Payload, { requester }: Pick<Ticket, 'requester'>): Actor | undefined {
  const person = readJiraPerson(user);
  if (!person) return undefined;
  const account = readLine(user, 'accountType');
  if (account === 'app') return { ...person, kind: 'system' };
  const isRequester = person.id !== undefined && person.id === requester?.id;
  return { ...person, kind: account === 'customer' || isRequester ? 'customer' : 'agent' };
}

function readProject(project: Payload): Record<string, string> {
  return omitUndefined<Record<string, string>>({
    ...omitUndefined<{ project?: string }>({ project: readLine(project, 'name') }),
    ...omitUndefined<{ project_key?: string }>({ project_key: readLine(project, 'key') }),
  });
}

function readStatus(status: Payload): Ticket['status'] {
  const native = readLine(status, 'name');
  const category = readTerm(readLine(readPayload(status, 'statusCategory'), 'key'), JIRA_STATUS_CATEGORIES);
  return native === undefined ? undefined : omitUndefined<Term<NormalStatus>>({ native, normal: category?.normal });
}

/** The site is where the issue's API address is; a Jira of one's own may live below a path. */
function readIssuePage(issue: Payload, number: string, source: SourceSettings): string | undefined {
  const path = `/browse/${encodePart(number)}`;
  const self = parseUrl(readWebAddress(readValue(issue, 'self')) ?? '');
  if (!self || self.host === API_GATEWAY) return helpdeskPage(source, path);
  const below = REST.test(self.pathname) ? self.pathname.replace(REST, '') : '';
  return `${self.origin}${below}${path}`;
}
