import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { queryableOf } from '../../database/queryable-of.js';
import { type SecretBox, SecretUnreadableError } from '../secret-box.js';
import { placeOf, SEALED_COLUMNS, type SealedColumn } from '../sealed-columns.js';
import { countSealed } from './sql/count-sealed.js';
import { lockOtherKeys, type SealedRow } from './sql/lock-other-keys.js';
import { replaceSealed } from './sql/replace-sealed.js';

/** Some 20 ms, for which an admin who changes one of these secrets may have to wait. */
const ROWS_AT_ONCE = 200;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
/** What somebody was changing is tried again, for longer than any transaction of ours takes. */
const MOST_ROUNDS = 50;
const BETWEEN_ROUNDS_MS = 300;

/** What a rotation has come to. */
export interface RotationResult {
  /** How many it encrypted anew. */
  renewed: number;
  /** How many are encrypted with the present key by now. */
  present: number;
  /** How many are not: what somebody was changing all the time, and what is unreadable. */
  left: number;
  /** Whose secrets none of the keys decrypts. */
  unreadable: string[];
}

/**
 * Encrypts everything with the present key that another one encrypted, also of what was deleted. Gateways may run
 * meanwhile. Each step is a short transaction of its own, so that a rotation that was broken off is done again from where
 * it was, and one too many changes nothing.
 */
export class EncryptionRotation {
  private renewed = 0;
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  async run(): Promise<RotationResult> {
    for (let round = 1; ; round += 1) {
      for (const column of SEALED_COLUMNS) await this.renewColumn(column);
      const { present, other } = await this.count();
      const isDone = other <= this.unreadable.size;
      if (!isDone && round < MOST_ROUNDS) await sleep(BETWEEN_ROUNDS_MS);
      else return { renewed: this.renewed, present, left: other, unreadable: [...this.unreadable] };
    }
  }

  /** @returns how many the present key encrypted, and how many another one */
  async count(): Promise<{ present: number; other: number }> {
    const total = { present: 0, other: 0 };
    for (const column of SEALED_COLUMNS) {
      const { present, other } = await countSealed(queryableOf(this.dataSource.manager), column, this.box.prefix);
      total.present += present;
      total.other += other;
    }
    return total;
  }

  private async renewColumn(column: SealedColumn): Promise<void> {
    let after: string | undefined = LOWEST_ID;
    while (after !== undefined) after = await this.renewSome(column, after);
  }

  /** @returns the highest id that it looked at; undefined where there was none */
  private renewSome(column: SealedColumn, after: string): Promise<string | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const db = queryableOf(manager);
      const rows = await lockOtherKeys(db, column, { prefix: this.box.prefix, after, limit: ROWS_AT_ONCE });
      const renewed = rows.flatMap((row) => this.renew(column, row));
      await replaceSealed(db, column, renewed);
      this.renewed += renewed.length;
      return rows.at(-1)?.id;
    });
  }

  private renew(column: SealedColumn, { id, sealed }: SealedRow): SealedRow[] {
    const place = placeOf(column, id);
    try {
      const renewed = [{ id, sealed: this.box.seal(this.box.open(sealed, place), place) }];
      this.unreadable.delete(place);
      return renewed;
    } catch (error) {
      // One that is damaged does not keep the others from being encrypted anew.
      if (!(error instanceof SecretUnreadableError)) throw error;
      this.unreadable.add(place);
      return [];
    }
  }
}
