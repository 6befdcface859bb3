import type { IntakeResult } from './intake.service.js';

/** What the sender of a webhook is told. */
export interface HookAnswer {
  event_ids: string[];
  deliveries?: number;
  duplicate?: true;
  unsupported?: string;
  filtered?: string;
}

export function toAnswer(result: IntakeResult): HookAnswer {
  switch (result.kind) {
    case 'accepted':
      return { event_ids: result.eventIds, deliveries: result.deliveries };
    case 'duplicate':
      return { event_ids: [result.eventId], deliveries: 0, duplicate: true };
    case 'unsupported':
      return { event_ids: [], unsupported: result.nativeType };
    case 'filtered':
      return { event_ids: [], filtered: result.nativeType };
  }
}
