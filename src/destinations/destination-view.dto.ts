import { ApiProperty } from '@nestjs/swagger';
import { schemasOf, SETTINGS_OF_KIND } from './destination.dto.js';
import type { DestinationSettings } from './destination-settings.dto.js';
import { PAUSE_REASONS, type PauseReason } from './pause.js';

/** Why deliveries wait although their time has come. */
export class PauseView {
  /**
   * Null = the whole destination.
   * @example 'support'
   */
  channel!: string | null;
  /**
   * `auth`: the bot is refused; `not_found`: the channel is missing; `unreachable`: the server is down; `paused`: an admin
   * wants it so.
   * @example 'not_found'
   */
  @ApiProperty({ enum: PAUSE_REASONS })
  reason!: PauseReason;
  /**
   * What the server said, or the admin.
   * @example 'Channel ‘support’ does not exist'
   */
  detail!: string | null;
  /** @example '2026-03-01T09:30:00.000Z' */
  since!: Date;
  /**
   * When one message is tried again to see whether the reason is gone; null where only an admin ends it.
   * @example '2026-03-01T09:35:00.000Z'
   */
  next_probe_at!: Date | null;
}

export class DestinationView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
  /** @example 'Support chat' */
  name!: string;
  /** @example 'zulip' */
  kind!: string;
  /** Without secrets: those are never shown. */
  @ApiProperty({ oneOf: schemasOf(SETTINGS_OF_KIND) })
  settings!: DestinationSettings;
  /**
   * A callback of the ticket desk: it gets the events of its tickets whatever the routes say.
   * @example false
   */
  is_subscriber!: boolean;
  /**
   * Whether its secret cannot be decrypted: what is for it waits until the secret is given anew, by `PATCH` or, of a
   * webhook, by `rotate-secret`.
   * @example false
   */
  secret_unreadable!: boolean;
  /** Empty while everything works. */
  pauses!: PauseView[];
  /**
   * Of a webhook: since when nothing has arrived. Null while all is well, or before a minute of it.
   * @example null
   */
  failing_since!: Date | null;
  /**
   * When it is disabled, if nothing arrives until then.
   * @example null
   */
  disables_at!: Date | null;
  /**
   * Since when nothing is sent to it: what comes waits. Null = it is enabled.
   * @example null
   */
  disabled_at!: Date | null;
  /**
   * Why it was disabled by itself: `gone`: it answered 410; `failing`: nothing had arrived for days.
   * @example null
   */
  @ApiProperty({ enum: ['gone', 'failing'], nullable: true })
  disabled_because!: 'gone' | 'failing' | null;
  /**
   * Grows with every change; the `ETag`, for `If-Match`.
   * @example 1
   */
  version!: number;
  /** @example '2026-03-01T09:00:00.000Z' */
  created_at!: Date;
}

export class NewDestinationView extends DestinationView {
  /**
   * Of a webhook: what it is signed with. Shown this once.
   * @example 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
   */
  secret?: string;
}
