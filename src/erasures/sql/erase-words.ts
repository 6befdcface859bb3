import type { Queryable, Statement } from '../../database/database.js';

/* As they are first written (follow-events), and only where they are: whoever writes them later reads what is left. */
const ERASE_EVENT_WORDS: Statement = {
  name: 'erase-event-words',
  text: `
    update event_words w
    set words = deskwire_words(concat_ws(' ', deskwire_event_text(e.event), e.detail))
    from events e
    where w.id = any ($1::uuid[]) and e.id = w.id and e.id = any ($1::uuid[])`,
};

/* As they are first written (follow-deliveries). */
const ERASE_DELIVERY_WORDS: Statement = {
  name: 'erase-delivery-words',
  text: `
    update delivery_words w
    set words = coalesce(known.words, deskwire_words(deskwire_event_text(e.event)))
    from deliveries d
    join events e on e.id = d.event_id
    left join event_words known on known.id = d.event_id
    where d.event_id = any ($1::uuid[]) and d.id >= $2 and w.id = d.id`,
};

const FIND_WORDS_MARK: Statement = {
  name: 'find-words-mark',
  text: `select id from log_marks where name = 'event_words'`,
};

/**
 * Makes the words that erased events and their deliveries are found by those of what is left.
 *
 * @param from the lowest id that any of their deliveries can have
 */
export async function eraseWords(db: Queryable, eventIds: readonly string[], from: string): Promise<void> {
  await db.query(ERASE_EVENT_WORDS, [eventIds]);
  await db.query(ERASE_DELIVERY_WORDS, [eventIds, from]);
}

/** @returns the event up to which words have been written; an empty text where none have */
export async function findWordsMark(db: Queryable): Promise<string> {
  const [row] = await db.query<{ id: string }>(FIND_WORDS_MARK, []);
  return row?.id ?? '';
}
