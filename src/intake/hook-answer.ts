import type { HookAnswer } from './hook-answer.dto.js';
import type { IntakeResult } from './intake.service.js';

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
