import type { Queryable, Statement } from '../../database/database.js';
import type { TicketThread, TicketTopic } from './find-threads-of-tickets.js';

/* One row a statement: the dispatcher writes several at once, in an order of its own. */
const DELETE_THREAD: Statement = {
  name: 'delete-thread',
  text: `
    delete from threads
    where destination_id = $1 and channel = $2 and source_id = $3 and ticket_key = $4 and template = $5`,
};

const DELETE_TOPIC: Statement = {
  name: 'delete-topic',
  text: 'delete from topics where receiver = $1 and channel = $2 and topic = $3',
};

/** From then on the ticket's next message chooses a topic anew. */
export async function deleteThread(db: Queryable, thread: TicketThread): Promise<void> {
  const { destination_id, channel, source_id, ticket_key, template } = thread;
  await db.query(DELETE_THREAD, [destination_id, channel, source_id, ticket_key, template]);
}

export async function deleteTopic(db: Queryable, { receiver, channel, topic }: TicketTopic): Promise<void> {
  await db.query(DELETE_TOPIC, [receiver, channel, topic]);
}
