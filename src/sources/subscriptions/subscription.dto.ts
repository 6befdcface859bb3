import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsString, MaxLength } from 'class-validator';
import { BooleanParameter } from '../../http/boolean-parameter.js';
import { OptionalField } from '../../http/optional-field.js';

const MOST_EVENTS = 100;
const LONGEST_EVENT_NAME = 100;

export class CreateSubscriptionsBody {
  /**
   * The helpdesk's own names of events; default: all that it offers.
   * @example ['ticket_started', 'agent_replied']
   */
  @OptionalField()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_EVENTS)
  @IsString({ each: true })
  @MaxLength(LONGEST_EVENT_NAME, { each: true })
  events?: string[];
}

export class RemoveSubscriptionsQuery {
  /**
   * Whether to forget what has to be removed by hand: once that is done.
   * @example false
   */
  @OptionalField()
  @BooleanParameter()
  forget_by_hand: boolean = false;
}

export class SubscriptionView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /**
   * As the helpdesk calls it.
   * @example 'ticket_started'
   */
  event!: string;

  /**
   * The helpdesk's own id of the registration; null where it told none.
   * @example 'webhook_17'
   */
  upstream_id!: string | null;

  /**
   * What was registered, without most of the token.
   * @example 'https://deskwire.example.com/hooks/groove/abcd…'
   */
  hook_url!: string;

  created_at!: Date;
}

export class SubscriptionsView {
  data!: SubscriptionView[];
}

export class RemovedSubscriptionsView {
  /** What has been removed at the helpdesk. */
  data!: SubscriptionView[];
  /** What is still registered there, since it told no id to remove it by; listed until it is forgotten. */
  by_hand!: SubscriptionView[];
  /**
   * What to do about that, in a sentence; null = nothing.
   * @example 'Remove the hook in the settings of the helpdesk.'
   */
  detail!: string | null;
}
