/** Gathers the conditions of a query over the log; values always travel as parameters. */
export class WhereClause {
  private readonly conditions: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition unless `value` is undefined; each `$` in it stands for the value's parameter. */
  add(condition: string, value: unknown): this {
    if (value !== undefined) this.conditions.push(`(${condition.replaceAll('$', this.parameter(value))})`);
    return this;
  }

  /** Adds a condition that names its values itself (`parameter`). */
  require(condition: string): this {
    this.conditions.push(`(${condition})`);
    return this;
  }

  /** @returns how a value is named in the statement */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  get sql(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.join(' and ');
  }
}
