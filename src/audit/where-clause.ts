import { lowestId } from '../database/partitions.js';
import type { PagePosition } from '../http/page.js';
import { Problem } from '../http/problem.js';

/** Gathers the conditions of a query over the log; values always travel as parameters. */
export class WhereClause {
  private readonly conditions: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition unless `value` is undefined; `$` in it stands for the value's parameter. */
  add(condition: string, value: unknown): this {
    if (value === undefined) return this;
    this.values.push(value);
    this.conditions.push(`(${condition.replaceAll('$', `$${this.values.length}`)})`);
    return this;
  }

  /**
   * Bounds the id, which begins with the time: partitions out of range are not even opened.
   *
   * @throws Problem 400 when `since` is after `until`
   */
  period(idColumn: string, since: string | undefined, until: string | undefined): this {
    if (since !== undefined && until !== undefined && new Date(since) > new Date(until)) {
      throw new Problem(400, 'validation_failed', 'since: must not be after until.');
    }
    return this.add(`${idColumn} >= $`, since && lowestId(new Date(since))).add(
      `${idColumn} < $`,
      until && lowestId(new Date(until)),
    );
  }

  /** Free text: taken literally, without case. */
  search(columns: string[], text: string | undefined): this {
    const pattern = text && `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return this.add(columns.map((column) => `${column} ilike $`).join(' or '), pattern);
  }

  /** The rows of a page, by id. */
  page(idColumn: string, position: PagePosition): this {
    return this.add(position.direction === 'next' ? `${idColumn} < $` : `${idColumn} > $`, position.id);
  }

  get sql(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.join(' and ');
  }
}

/** @returns the order and limit of a page */
export function pageOrder(idColumn: string, position: PagePosition): string {
  return `order by ${idColumn} ${position.direction === 'next' ? 'desc' : 'asc'} limit ${position.limit}`;
}
