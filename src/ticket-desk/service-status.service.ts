import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database, type Queryable } from '../database/database.js';
import type { Caller } from '../http/caller.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskAccess } from './desk-access.js';
import { serviceBecame } from './desk-events.js';
import { DeskLog } from './desk-log.js';
import type { ServiceChangeView, ServiceStatusView } from './service-status.dto.js';
import { changeServiceState } from './sql/change-service-state.js';
import { findServiceState } from './sql/find-service-state.js';

/** Whether the service behind a desk is available, as somebody says. */
@Injectable()
export class ServiceStatusService {
  constructor(
    private readonly access: DeskAccess,
    private readonly log: DeskLog,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 403 */
  get(caller: Caller): Promise<ServiceStatusView> {
    return statusOf(this.db, this.access.deskOf(caller).id);
  }

  /**
   * Tells of it only where it was otherwise before.
   *
   * @throws Problem 403
   */
  mark(available: boolean, caller: Caller, call: InboundCall): Promise<ServiceChangeView> {
    const source = this.access.deskOf(caller);
    return this.log.commit(call, async ({ db, record }) => {
      const at = this.clock.now();
      const changed = await changeServiceState(db, source.id, available, at);
      if (changed) await record(source, serviceBecame(available), at);
      return { ...(await statusOf(db, source.id)), changed };
    });
  }
}

async function statusOf(db: Queryable, sourceId: string): Promise<ServiceStatusView> {
  const state = await findServiceState(db, sourceId);
  const available = state?.available ?? true;
  return { status: available ? 'available' : 'unavailable', available, changed_at: state?.changed_at ?? null };
}
