/** What the sender of a webhook is told. */
export class HookAnswer {
  /**
   * Of the events that it became; of a repetition, the first event.
   * @example ['019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3']
   */
  event_ids!: string[];
  /**
   * How many messages wait to be sent now.
   * @example 1
   */
  deliveries?: number;
  duplicate?: true;
  /**
   * The event's name, of a type that is not understood.
   * @example 'survey_answered'
   */
  unsupported?: string;
  /**
   * The event's name, which the hook URL leaves out.
   * @example 'ticket_tagged'
   */
  filtered?: string;
}
