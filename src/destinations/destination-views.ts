import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database/database.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { DestinationView, PauseView } from './destination-view.dto.js';
import type { Destination } from './destination.entity.js';
import { readSecrets } from './destination-secrets.js';
import { disablesAt, type Failing } from './failing.js';
import type { Pause } from './pause.js';
import { findFailing } from './sql/find-failing.js';
import { listPauses } from './sql/list-pauses.js';

/** Shows destinations, with what keeps them from working. Never a secret. */
@Injectable()
export class DestinationViews {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
  ) {}

  /** @param db a transaction that has changed something of it; default: what is committed */
  async of(rows: readonly Destination[], db: Queryable = this.db): Promise<DestinationView[]> {
    const ids = rows.map((row) => row.id);
    // One after the other: a transaction has one connection.
    const pauses = await listPauses(db, ids);
    const failing = await findFailing(db, ids);
    const isOf = (row: Destination) => (thing: Pause | Failing) => thing.destination_id === row.id;
    return rows.map((row) => toView(row, pauses.filter(isOf(row)), failing.find(isOf(row)), this.isUnreadable(row)));
  }

  private isUnreadable(row: Destination): boolean {
    return readSecrets(row, this.box) === undefined;
  }
}

/** @returns a destination of which nothing has been heard yet */
export function newView(row: Destination): DestinationView {
  return toView(row, [], undefined, false);
}

function toView(
  row: Destination,
  pauses: readonly Pause[],
  failing: Failing | undefined,
  isUnreadable: boolean,
): DestinationView {
  const isDisabled = row.disabledAt !== null;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: row.settings,
    is_subscriber: row.isSubscriber,
    secret_unreadable: isUnreadable,
    pauses: pauses.filter((pause) => pause.resumed_at === null).map(toPauseView),
    failing_since: failing?.since ?? null,
    disables_at: failing && !isDisabled ? disablesAt(failing) : null,
    disabled_at: row.disabledAt,
    disabled_because: (isDisabled && failing?.disabled_because) || null,
    version: row.version,
    created_at: row.createdAt,
  };
}

function toPauseView({ channel, reason, detail, since, next_probe_at }: Pause): PauseView {
  return { channel: channel === '' ? null : channel, reason, detail, since, next_probe_at };
}
