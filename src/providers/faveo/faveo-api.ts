import { cleanText, LONGEST_SHORT_FIELD } from '../../ticket-event/clean-draft.js';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { Person } from '../../ticket-event/ticket-event.js';
import type { HelpdeskAccess } from '../helpdesk-api/helpdesk-client.js';
import type { Question } from '../helpdesk-api/source-look-ups.js';
import { makePerson, readFullName } from '../make-person.js';
import { readBaseAddress } from '../read-base-address.js';
import { asPayload, type Payload, readLine, readList, readValue } from '../read-payload.js';

/** What a helpdesk calls that of which its webhooks give ids. */
export interface FaveoNames {
  departments: ReadonlyMap<string, string>;
  priorities: ReadonlyMap<string, string>;
  statuses: ReadonlyMap<string, string>;
  teams: ReadonlyMap<string, string>;
  agents: ReadonlyMap<string, Person>;
}

/** @returns undefined where the source has no `api_url`, or no token */
export function faveoAccess({ settings, secrets }: SourceAccess): HelpdeskAccess | undefined {
  const token = secrets.api_token;
  const address = readBaseAddress(settings['api_url']);
  return token === undefined || address === undefined ? undefined : { address, token };
}

/**
 * The lists that Faveo's own apps fill their menus from, in one answer: `dependency` of
 * https://github.com/ladybirdweb/faveo-helpdesk/blob/master/app/Api/v1/ApiController.php. A refusal is a success without
 * them. Of agents the community edition tells the address alone, and leaves out those who are administrators.
 */
export const NAMES_QUESTION: Question<FaveoNames> = {
  path: '/api/v1/helpdesk/dependency',
  read: (body) => {
    const lists = asPayload(readValue(asPayload(body) ?? {}, 'result'));
    if (!lists) return undefined;
    return {
      departments: readNames(lists, 'departments', 'id', 'name'),
      priorities: readNames(lists, 'priorities', 'priority_id', 'priority'),
      statuses: readNames(lists, 'status', 'id', 'name'),
      teams: readNames(lists, 'teams', 'id', 'name'),
      agents: new Map(rows(lists, 'staffs').flatMap(agentEntry)),
    };
  },
};

function readNames(lists: Payload, list: string, idField: string, nameField: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const row of rows(lists, list)) {
    const id = readLine(row, idField);
    const name = readLine(row, nameField);
    if (id !== undefined && name !== undefined) names.set(id, cleanText(name, LONGEST_SHORT_FIELD));
  }
  return names;
}

function agentEntry(row: Payload): [string, Person][] {
  const id = readLine(row, 'id');
  const name = readLine(row, 'full_name') ?? readLine(row, 'name') ?? readFullName(row);
  const agent = makePerson({
    name: name === undefined ? undefined : cleanText(name, LONGEST_SHORT_FIELD),
    email: readLine(row, 'email'),
  });
  return id === undefined || !agent ? [] : [[id, agent]];
}

function rows(lists: Payload, list: string): Payload[] {
  return readList(lists, list)
    .map(asPayload)
    .filter((row) => row !== undefined);
}
