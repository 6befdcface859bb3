import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsLine } from '../http/line-field.js';
import { OptionalField } from '../http/optional-field.js';
import { CHECKED_THINGS, type CheckedThing, FAILURE_REASONS, type FailureReason } from '../notifiers/notifier.js';

const LONGEST_REASON = 200;

export class PauseBody {
  /**
   * Why, for whoever wonders.
   * @example 'Zulip is being moved to another server'
   */
  @OptionalField()
  @IsLine(LONGEST_REASON)
  detail?: string;
}

export class NewSecretView {
  /**
   * Signs from now on; each one before signs too until 24 hours after it was replaced. Shown this once.
   * @example 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
   */
  secret!: string;
  /**
   * Of the destination.
   * @example 2
   */
  version!: number;
}

/** What came of a test message. */
export class DestinationTestView {
  /**
   * `retry`: it failed by something that may pass; `rejected`: it never will be taken as it is.
   * @example 'sent'
   */
  @ApiProperty({ enum: ['sent', 'retry', 'rejected'] })
  outcome!: 'sent' | 'retry' | 'rejected';
  /**
   * Where it was not sent.
   * @example 'auth'
   */
  @ApiPropertyOptional({ enum: FAILURE_REASONS })
  reason?: FailureReason;
  /** @example 200 */
  http_status?: number;
  /**
   * What the server said, at most 16 KiB, secrets masked.
   * @example 'Thank you'
   */
  response?: string;
}

/** What was found of one thing that a destination needs. */
export class CheckedThingView {
  /**
   * `server`: the Zulip server; `bot`: its account; `channel`: where messages go; `address`: of a webhook.
   * @example 'bot'
   */
  @ApiProperty({ enum: CHECKED_THINGS })
  name!: CheckedThing;
  /**
   * Null = it could not be looked at, as the others stand.
   * @example false
   */
  ok!: boolean | null;
  /**
   * For people: what was found, and where something is wrong what to do.
   * @example 'The Zulip server refuses the key of deskwire-bot@chat.example.com: copy it again from the bot’s zuliprc.'
   */
  detail!: string;
}

/** Whether a destination can be reached, and what is wrong with it. Nothing was sent. */
export class DestinationCheckView {
  /**
   * Whether nothing was found wrong.
   * @example false
   */
  ok!: boolean;
  checks!: CheckedThingView[];
}
