import { IsBoolean, IsEmail, MaxLength } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';

/** Of an address (RFC 5321, 4.5.3.1.3). */
const LONGEST_EMAIL = 254;

export class EraseBody {
  /**
   * Whose data is erased; upper and lower case are the same.
   * @example 'grace@example.com'
   */
  @IsEmail({ require_tld: false })
  @MaxLength(LONGEST_EMAIL)
  email!: string;

  /** Nothing is changed: the answer says what would be. */
  @OptionalField()
  @IsBoolean()
  dry_run?: boolean = false;
}

/** Messages that are to be deleted at Zulip. */
export class ErasedMessagesView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4' */
  destination_id!: string;
  /**
   * As it is called now, also where it was deleted.
   * @example 'Zulip'
   */
  destination!: string;
  /** @example 'support' */
  channel!: string;
  /**
   * Zulip's.
   * @example [42, 43]
   */
  message_ids!: number[];
  /**
   * Those of them that carried several deliveries at once: they may hold what others said as well.
   * @example [43]
   */
  joined_message_ids!: number[];
  /**
   * Attempts that may have arrived as messages of which no id is known: look for them in the channel.
   * @example 0
   */
  uncertain!: number;
}

/** A receiver that was told, and has to erase by itself. */
export class ToldReceiverView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4' */
  destination_id!: string;
  /**
   * As it is called now, also where it was deleted.
   * @example 'CRM'
   */
  destination!: string;
  /**
   * Deliveries that arrived, or may have.
   * @example 3
   */
  deliveries!: number;
}

/** How much of each was erased; of a dry run: would be. */
export class ErasureCounts {
  /** @example 12 */
  events!: number;
  /**
   * Requests that helpdesks sent.
   * @example 9
   */
  raw_bodies!: number;
  /** @example 11 */
  deliveries!: number;
  /** @example 11 */
  attempts!: number;
  /**
   * Topics that tickets kept to.
   * @example 2
   */
  threads!: number;
  /**
   * Of the built-in store.
   * @example 1
   */
  tickets!: number;
  /**
   * How often the record of changes spoke of the person.
   * @example 0
   */
  changes!: number;
  /**
   * Deliveries that were waiting, and are not sent.
   * @example 1
   */
  cancelled!: number;
  /**
   * Deliveries that are being sent, or may have arrived. They are left, and all of their tickets: send the request again in
   * a minute, until this is 0.
   * @example 0
   */
  in_flight!: number;
}

export class ErasureView extends ErasureCounts {
  dry_run!: boolean;
  /** Whether nothing is left: false while something is in flight. */
  complete!: boolean;
  messages!: ErasedMessagesView[];
  receivers!: ToldReceiverView[];
}
