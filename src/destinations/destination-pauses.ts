import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import type { Queryable } from '../database/database.js';
import { queryableOf } from '../database/queryable-of.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { Destination } from './destination.entity.js';
import { activeDestination, DestinationDirectory } from './destination-directory.js';
import { lockRow, saveRow } from './destination-rows.js';
import { readSecrets } from './destination-secrets.js';
import type { DestinationView } from './destination-view.dto.js';
import { DestinationViews, newView } from './destination-views.js';
import type { Pause } from './pause.js';
import { settingsHash } from './settings-hash.js';
import { listPauses } from './sql/list-pauses.js';
import { removeFailing } from './sql/remove-failing.js';
import { resumePauses } from './sql/resume-pauses.js';
import { saveAdminPause } from './sql/save-admin-pause.js';

/** What admins do about the pauses of destinations. */
@Injectable()
export class DestinationPauses {
  constructor(
    private readonly transactions: AdminTransactions,
    private readonly directory: DestinationDirectory,
    private readonly views: DestinationViews,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Everything waits, and nothing is probed, until an admin resumes it; what is in the air lands. One that is paused so
   * already stays as it is.
   *
   * @param detail why, in words
   * @throws Problem 404, 412
   */
  async pause(call: AdminCall, id: string, detail: string | null): Promise<DestinationView> {
    return this.change(call, id, async (step, row, db) => {
      const before = await openPauses(db, id);
      if (before.some(({ reason }) => reason === 'paused')) return row;
      const hash = settingsHash(activeDestination(row, readSecrets(row, this.box) ?? {}));
      await saveAdminPause(db, id, detail, hash, this.clock.now());
      const after = await openPauses(db, id);
      return saveRow(step, row, {}, { action: 'pause', before: { pauses: before }, after: { pauses: after } });
    });
  }

  /**
   * Ends its pauses, its channels' too, and enables it if it was disabled: what waits is sent at once.
   *
   * @throws Problem 404, 412
   */
  async resume(call: AdminCall, id: string): Promise<DestinationView> {
    return this.change(call, id, async (step, row, db) => {
      const before = await openPauses(db, id);
      await removeFailing(db, id);
      if (before.length === 0 && !row.disabledAt) return row;
      await resumePauses(db, id, this.clock.now());
      const change = { action: 'resume', before: { pauses: before }, after: { pauses: [] } };
      return saveRow(step, row, { disabledAt: null }, change);
    });
  }

  private async change(
    call: AdminCall,
    id: string,
    work: (step: AdminStep, row: Destination, db: Queryable) => Promise<Destination>,
  ): Promise<DestinationView> {
    const view = await this.transactions.run(call, async (step) => {
      const row = await lockRow(step, id);
      step.requireMatch(row.version, 'destination');
      const db = queryableOf(step.manager);
      const changed = await work(step, row, db);
      const [shown] = await this.views.of([changed], db);
      return shown ?? newView(changed);
    });
    // Whoever delivers in this process looks again before it takes up anything more.
    await this.directory.refresh();
    return view;
  }
}

async function openPauses(db: Queryable, id: string): Promise<Pause[]> {
  return (await listPauses(db, [id])).filter((pause) => pause.resumed_at === null);
}
