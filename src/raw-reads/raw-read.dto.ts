import { IsUUID } from 'class-validator';
import { IsInstant } from '../http/instant-field.js';
import { OptionalField } from '../http/optional-field.js';
import { PageQuery } from '../http/page.js';

export class RawReadsQuery extends PageQuery {
  /** Of this event. */
  @OptionalField()
  @IsUUID()
  event_id?: string;

  /** With this key. */
  @OptionalField()
  @IsUUID()
  key_id?: string;

  /**
   * ISO 8601; this instant and later.
   * @example '2026-03-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  since?: string;

  /**
   * ISO 8601; before this instant.
   * @example '2026-04-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  until?: string;
}

/** Whose key it was. */
export class RawReaderView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4' */
  id!: string;
  /**
   * What the key is called now.
   * @example 'Anna'
   */
  name!: string;
}

/** A look at a request as a helpdesk sent it. */
export class RawReadView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e5' */
  id!: string;
  at!: Date;
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  event_id!: string;
  key!: RawReaderView;
  /**
   * Where the request came from; `[erased]` once that was asked for.
   * @example '192.0.2.7'
   */
  address!: string | null;
}
