import type { NormalPriority } from '../../ticket-event/ticket-event.js';
import type { TicketRow } from '../../tickets/ticket.js';

/**
 * A ticket as the integration endpoint answers it: a flat document with every field of the format that senders of it
 * expect. What an automatic agent would have found stays empty, since none works here.
 */
export class IntegrationTicket {
  id!: string;
  /** @example 'Password reset not working' */
  title!: string;
  /** @example 'I never receive the email.' */
  description!: string;
  /** @example 'general' */
  category!: string;
  priority!: NormalPriority;
  /** @example 'new' */
  status!: string;
  /**
   * Empty where nobody was named.
   * @example 'user-51'
   */
  user_id!: string;
  /**
   * Empty where nobody was named.
   * @example 'user@example.com'
   */
  user_email!: string;
  /**
   * Always `customer`.
   * @example 'customer'
   */
  user_type!: string;
  /**
   * Always empty, as what follows of an agent's work.
   * @example ''
   */
  resolution!: string;
  /** @example '' */
  resolved_by!: string;
  /** @example '' */
  resolution_type!: string;
  /** @example 0 */
  agent_confidence!: number;
  /** @example 0 */
  processing_duration_ms!: number;
  /** @example 0 */
  similar_cases_found!: number;
  /** @example 0 */
  kb_articles_used!: number;
  /** @example [] */
  workflow_steps!: string[];
  /**
   * What was sent as `metadata`, with `external_id`, `platform` and `source`.
   * @example { "platform": "zendesk" }
   */
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
