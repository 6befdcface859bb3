import type { Actor, Person } from '../../ticket-event/ticket-event.js';
import { makePerson, readFullName } from '../make-person.js';
import { asPayload, type Payload, readLine, readPayload, readValue } from '../read-payload.js';
import { type SourceNames, readId } from './faveo.names.js';

/** The two sides of a conversation, in Faveo's words: a thread's `poster` and a user's `role`. */
const KINDS: ReadonlyMap<string, Actor['kind']> = new Map([
  ['client', 'customer'],
  ['user', 'customer'],
  ['support', 'agent'],
  ['agent', 'agent'],
  ['admin', 'agent'],
]);

/** The people of one webhook. Mostly there is an id only; who that is may stand elsewhere in the webhook. */
export class FaveoPeople {
  private readonly requester: Payload | undefined;
  private readonly users: readonly Payload[];

  /** @param thread the message that the webhook is about, if it is about one */
  constructor(
    private readonly body: Payload,
    private readonly thread: Payload,
    private readonly names: SourceNames,
  ) {
    this.requester = asPayload(readValue(body, 'requester'));
    const users = [this.requester, asPayload(readValue(body, 'replied_by')), asPayload(readValue(thread, 'user'))];
    this.users = users.filter((user) => user !== undefined);
  }

  /** @returns the customer that a ticket belongs to */
  ownerOf(ticket: Payload): Person | undefined {
    const id = readId(ticket, 'user_id');
    return this.requester ? this.person(this.requester, id) : this.withId(id);
  }

  assigneeOf(ticket: Payload): Person | undefined {
    return this.withId(readId(ticket, 'assigned_to'));
  }

  /** @returns who opened a ticket, which may be an agent in a customer's name */
  creatorOf(ticket: Payload): Actor | undefined {
    const id = readId(ticket, 'creator_id');
    if (id === undefined) return undefined;
    if (id === readId(ticket, 'user_id')) return { kind: 'customer', ...this.ownerOf(ticket) };
    return { kind: this.names.agent(id) === undefined ? 'unknown' : 'agent', ...this.withId(id) };
  }

  /** @returns who wrote the message; an agent where the webhook does not say, as it is agents' replies that Faveo announces */
  author(): Actor {
    const repliedBy = readPayload(this.body, 'replied_by');
    const user = readPayload(this.thread, 'user');
    const words = [readLine(this.thread, 'poster'), readLine(repliedBy, 'role'), readLine(user, 'role')];
    const kind = words.map((word) => KINDS.get(word?.toLowerCase() ?? '')).find((known) => known !== undefined);
    const id = readId(repliedBy, 'id') ?? readId(this.thread, 'user_id') ?? readId(user, 'id');
    const person = id === undefined ? this.person(repliedBy, undefined) : this.withId(id);
    return { kind: kind ?? 'agent', ...person };
  }

  private withId(id: string | undefined): Person | undefined {
    if (id === undefined) return undefined;
    return this.person(this.users.find((user) => readId(user, 'id') === id) ?? {}, id);
  }

  /** @param knownId who it is where the user itself does not say */
  private person(user: Payload, knownId: string | undefined): Person | undefined {
    const id = readId(user, 'id') ?? knownId;
    return makePerson({ id, name: readName(user) ?? this.names.agent(id), email: readLine(user, 'email') });
  }
}

function readName(user: Payload): string | undefined {
  return readLine(user, 'full_name') ?? readFullName(user) ?? readLine(user, 'user_name');
}
