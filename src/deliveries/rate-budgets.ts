import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { RateBudget } from './rate-budget.js';

/** The rate budgets of this process, one an account: destinations that post as the same bot share it. */
@Injectable()
export class RateBudgets {
  private readonly byAccount = new Map<string, RateBudget>();

  constructor(private readonly clock: Clock) {}

  of(account: string): RateBudget {
    const known = this.byAccount.get(account);
    if (known) return known;
    const budget = new RateBudget(() => this.clock.steady());
    this.byAccount.set(account, budget);
    return budget;
  }
}
