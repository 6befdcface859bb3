import type { Database, Statement } from '../../database/database.js';
import type { DeliveryState } from '../delivery.js';

export interface AttemptEnd {
  id: string;
  deliveryId: string;
  durationMs: number;
  outcome: 'sent' | 'retry' | 'rejected';
  reason: string | null;
  httpStatus: number | null;
  response: string | null;
  messageId: number | null;
  inDoubt: boolean;
  state: DeliveryState;
  costsAttempt: boolean;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
}

const FINISH_ATTEMPT: Statement = {
  name: 'finish-attempt',
  text: `
    with attempt as (
      update attempts
      set duration_ms = $3, outcome = $4, reason = $5, http_status = $6, response = $7, message_id = $8, in_doubt = $9
      where id = $1
    )
    update deliveries
    set state = $10,
        attempts = attempts + case when $11::boolean then 1 else 0 end,
        next_attempt_at = $12,
        finished_at = $13,
        message_id = $8,
        reason = $5
    where id = $2 and state = 'sending'`,
};

/** Records what an attempt came to and what becomes of its delivery, in one commit. */
export async function finishAttempt(db: Database, end: AttemptEnd): Promise<void> {
  await db.query(FINISH_ATTEMPT, [
    end.id,
    end.deliveryId,
    end.durationMs,
    end.outcome,
    end.reason,
    end.httpStatus,
    end.response,
    end.messageId,
    end.inDoubt,
    end.state,
    end.costsAttempt,
    end.nextAttemptAt,
    end.finishedAt,
  ]);
}
