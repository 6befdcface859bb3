import type { NormalPriority } from '../../ticket-event/ticket-event.js';
import type { TicketRow } from '../../tickets/ticket.js';

/**
 * A ticket as the integration endpoint answers it: a flat document with every field of the format that senders of it
 * expect. What an automatic agent would have found stays empty, since none works here.
 */
export class IntegrationTicket {
  id!: string;
  title!: string;
  description!: string;
  category!: string;
  priority!: NormalPriority;
  status!: string;
  /** Empty where nobody was named. */
  user_id!: string;
  user_email!: string;
  user_type!: string;
  resolution!: string;
  resolved_by!: string;
  resolution_type!: string;
  agent_confidence!: number;
  processing_duration_ms!: number;
  similar_cases_found!: number;
  kb_articles_used!: number;
  workflow_steps!: string[];
  /** What was sent as `metadata`, with `external_id`, `platform` and `source`. */
  ticket_metadata!: Record<string, unknown>;
  created_at!: Date;
  updated_at!: Date;
  resolved_at!: Date | null;
}

export function toIntegrationTicket(row: TicketRow): IntegrationTicket {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    category: row.category,
    priority: row.priority,
    status: row.status,
    user_id: row.user_id,
    user_email: row.user_email,
    user_type: 'customer',
    resolution: '',
    resolved_by: '',
    resolution_type: '',
    agent_confidence: 0,
    processing_duration_ms: 0,
    similar_cases_found: 0,
    kb_articles_used: 0,
    workflow_steps: [],
    ticket_metadata: row.metadata,
    created_at: row.created_at,
    updated_at: row.updated_at,
    resolved_at: row.resolved_at,
  };
}
