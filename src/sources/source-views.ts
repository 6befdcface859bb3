import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import type { SourceView } from './source.dto.js';
import type { Source } from './source.entity.js';
import { SourceVault } from './source-vault.js';
import { findActivity, type SourceActivity } from './sql/find-activity.js';

/** Shows sources: what admins have set, and when they were heard. */
@Injectable()
export class SourceViews {
  constructor(
    private readonly vault: SourceVault,
    private readonly clock: Clock,
  ) {}

  /** @param manager by which the rows were read or changed */
  async of(manager: EntityManager, rows: readonly Source[]): Promise<SourceView[]> {
    const now = this.clock.now();
    const ids = rows.map(({ id }) => id);
    const activity = new Map((await findActivity(manager, ids, now)).map((each) => [each.id, each]));
    return rows.map((row) => ({
      ...toView(row, activity.get(row.id), now),
      secret_unreadable: this.vault.open(row) === undefined,
    }));
  }

  async ofOne(manager: EntityManager, row: Source): Promise<SourceView> {
    const [view] = await this.of(manager, [row]);
    return view as SourceView;
  }
}

function toView(row: Source, activity: SourceActivity | undefined, now: Date): Omit<SourceView, 'secret_unreadable'> {
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    settings: row.settings,
    disabled_at: row.disabledAt,
    previous_token_until: openUntil(row, now),
    last_event_at: activity?.last_event_at ?? null,
    silent_since: activity?.silent_since ?? null,
    version: row.version,
    created_at: row.createdAt,
  };
}

/** @returns until when the token before the last rotation is let in; null where it is not any more */
function openUntil({ previousTokenUntil: until }: Source, now: Date): Date | null {
  return until !== null && now < until ? until : null;
}
