import type { DeliveryView } from '../log-views.dto.js';
import type { ExportColumn } from './export-writer.js';

const FIELDS = [
  'id',
  'event_id',
  'route_id',
  'destination_id',
  'state',
  'attempts',
  'next_attempt_at',
  'channel',
  'topic',
  'content',
  'message_id',
  'reason',
  'detail',
  'created_at',
  'finished_at',
  'replay_of',
  'replayed_by',
] as const;

/** The table of exported deliveries: the list's fields. */
export const DELIVERY_COLUMNS: readonly ExportColumn<DeliveryView>[] = FIELDS.map((name) => ({
  name,
  value: (view) => view[name],
}));
