/** Of a DeskTicketRow. */
export const TICKET_COLUMNS = `
  t.id, t.source_id, t.ticket_key, t.title, t.description, t.category, t.priority, t.status, t.user_id, t.user_email,
  t.metadata, t.version, t.created_at, t.updated_at, t.resolved_at, t.closed_at`;
