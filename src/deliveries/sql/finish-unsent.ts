import type { Database, Statement } from '../../database/database.js';

export interface UnsentEnd {
  deliveryId: string;
  state: 'skipped' | 'dead';
  reason: string;
  detail: string | null;
  finishedAt: Date;
  channel: string | null;
  topic: string | null;
}

const FINISH_UNSENT: Statement = {
  name: 'finish-unsent',
  text: `
    update deliveries
    set state = $2, reason = $3, detail = $4, finished_at = $5, next_attempt_at = null,
        channel = coalesce($6, channel), topic = coalesce($7, topic)
    where id = $1 and state = 'pending'`,
};

/** Ends a delivery without an attempt: nothing to say, or nothing that can be rendered. */
export async function finishUnsent(db: Database, end: UnsentEnd): Promise<void> {
  await db.query(FINISH_UNSENT, [
    end.deliveryId,
    end.state,
    end.reason,
    end.detail,
    end.finishedAt,
    end.channel,
    end.topic,
  ]);
}
