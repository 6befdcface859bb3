import type { Statement } from '../database/database.js';
import type { PagePosition } from '../http/page.js';
import type { Facet } from './facet.js';
import type { IdRange } from './id-range.js';
import type { Lead } from './lead.js';
import type { LogTable } from './log-table.js';

/** A statement with its values. */
export interface PageStatement {
  statement: Statement;
  values: unknown[];
}

/** What a page is asked for beside its filters. */
export interface PageWindow {
  range: IdRange;
  direction: PagePosition['direction'];
  limit: number;
}

/** The words that are looked for, and the id from which on the index of words does not know them yet. */
export interface WordSearch {
  q: string;
  mark: string;
}

/**
 * Makes the statement of one page of the log, such that no guess of the planner can make it read the whole log.
 *
 * By a filter, rows are compared as `(column, id)` and ordered by both, which only the filter's own index can answer in
 * order: told to be ordered by the id alone, the planner would at times walk the primary key, which is fast where rows
 * that fit are frequent, and reads ten million rows where they are not. It has to be kept from sorting instead (see
 * `LogPages`). By words, each way of finding them stands behind `offset 0`, for the same reason.
 */
export class PageStatementBuilder<Filter> {
  private readonly values: unknown[] = [];

  constructor(
    private readonly table: LogTable<Filter>,
    private readonly filter: Filter,
    private readonly window: PageWindow,
  ) {}

  /** By the narrowest filter; what else is asked for is asked of each row. */
  byLead(words?: WordSearch): PageStatement {
    const leads = this.table.lead(this.filter);
    const conditions = this.facets(leads[0]?.filter);
    if (words) conditions.push(this.hasWords(words));
    const [only, ...others] =
      leads.length === 0
        ? [this.rows([...this.bounds(), ...conditions])]
        : leads.map((lead) => this.rows([...this.boundsOf(lead), ...this.bounds(), ...conditions], lead.column));
    if (others.length === 0) return this.statement(String(only));
    return this.statement(`
      select *
      from (${[only, ...others].map((arm) => `(${String(arm)})`).join(' union all ')}) page
      order by page.id ${this.way}
      limit ${this.window.limit}`);
  }

  /**
   * By the words: from their index, from errors, and from what has come since the index was written.
   *
   * @param isShort whether the range holds so few rows that they may as well be walked through
   */
  byWords({ q, mark }: WordSearch, isShort: boolean): PageStatement {
    const { row, from, columns, words, otherWords } = this.table;
    const question = `deskwire_question(${this.parameter(q)})`;
    const conditions = this.facets();
    const { range, direction, limit } = this.window;
    const bounds = (name: string, isLate = false): string =>
      this.bounds(name, isLate ? { ...range, from: later(range.from, mark) } : range).join(' and ');
    const order = `order by id ${this.way} limit ${limit}`;
    const end = isShort && conditions.length === 0 ? order : 'offset 0';
    const finds = [
      `select w.id from ${words} w where w.words @@ ${question} and ${bounds('w')}`,
      ...otherWords
        .filter(({ isLate }) => isLate !== true || later(range.from, mark) < range.before)
        .map((other) => `${other.find.replaceAll('QUESTION', question)} and ${bounds('x', other.isLate)}`),
    ];
    const found = finds.map((find) => `(${find} ${end})`).join(' union ');
    return this.statement(`
      select ${columns}
      from (select id from (${found}) found ${conditions.length === 0 ? order : ''}) page
      join ${from} on ${row}.id = page.id
      where ${['true', ...this.bounds(), ...conditions].join(' and ')}
      order by ${row}.id ${direction === 'next' ? 'desc' : 'asc'}
      limit ${limit}`);
  }

  private get way(): 'asc' | 'desc' {
    return this.window.direction === 'next' ? 'desc' : 'asc';
  }

  private rows(conditions: string[], lead?: string): string {
    const { row, from, columns } = this.table;
    return `
      select ${columns}
      from ${from}
      where ${conditions.join(' and ')}
      order by ${lead === undefined ? '' : `${lead} ${this.way}, `}${row}.id ${this.way}
      limit ${this.window.limit}`;
  }

  private facets(except?: string): string[] {
    return this.table
      .facets(this.filter)
      .filter(({ filter, value }) => value !== undefined && filter !== except)
      .map(({ condition, value }: Facet) => `(${condition.replaceAll('$', this.parameter(value))})`);
  }

  private hasWords({ q, mark }: WordSearch): string {
    const condition = this.table.hasWords.replaceAll('QUESTION', `deskwire_question(${this.parameter(q)})`);
    return `(${condition.replaceAll('MARK', this.parameter(mark))})`;
  }

  /** Also where the lead bounds the rows: partitions out of range are not even opened. */
  private bounds(row: string = this.table.row, { from, before }: IdRange = this.window.range): string[] {
    return [`${row}.id >= ${this.parameter(from)}`, `${row}.id < ${this.parameter(before)}`];
  }

  private boundsOf({ column, value, among }: Lead): string[] {
    const { from, before } = this.window.range;
    const pair = `(${column}, ${this.table.row}.id)`;
    const is = this.parameter(value);
    const bounds = [`${pair} >= (${is}, ${this.parameter(from)})`, `${pair} < (${is}, ${this.parameter(before)})`];
    return among === undefined ? bounds : [...bounds, among];
  }

  private parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  private statement(text: string): PageStatement {
    return { statement: { text }, values: this.values };
  }
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
