import { type FindManyOptions, type FindOptionsWhere, LessThan, MoreThan } from 'typeorm';
import type { PagePosition } from '../http/page.js';

/** @returns the TypeORM form of a page: rows of `where` beside a cursor, in the direction it was asked for. */
export function pageWhere<Entity extends { id: string }>(
  position: PagePosition,
  where: FindOptionsWhere<Entity> = {},
): FindManyOptions<Entity> {
  const beside = position.direction === 'next' ? LessThan(position.id) : MoreThan(position.id);
  return {
    where: position.id === undefined ? where : { ...where, id: beside },
    order: { id: position.direction === 'next' ? 'desc' : 'asc' },
    take: position.limit,
  } as FindManyOptions<Entity>;
}
