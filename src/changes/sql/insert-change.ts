import type { EntityManager } from 'typeorm';
import type { ChangeRecord } from '../change.js';

const INSERT_PEOPLE = `
  insert into change_people (id, value)
  select id, value from unnest($1::uuid[], $2::text[]) as person (id, value)`;

const INSERT_CHANGE = `
  insert into changes (id, request_id, at, via, key_id, address, action, subject_kind, subject_id, subject_name, before, after)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb)`;

/** Writes a change beside what it says of people. */
export async function insertChange(db: Pick<EntityManager, 'query'>, record: ChangeRecord): Promise<void> {
  const { people, subject } = record;
  if (people.length > 0) {
    await db.query(INSERT_PEOPLE, [people.map(({ id }) => id), people.map(({ value }) => value)]);
  }
  await db.query(INSERT_CHANGE, [
    record.id,
    record.requestId,
    record.at,
    record.via,
    record.keyId,
    record.address?.id ?? null,
    record.action,
    subject.kind,
    subject.id,
    subject.name,
    record.before && JSON.stringify(record.before),
    record.after && JSON.stringify(record.after),
  ]);
}
