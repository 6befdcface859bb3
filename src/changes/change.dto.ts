import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IsInstant } from '../http/instant-field.js';
import { OptionalField } from '../http/optional-field.js';
import { PageQuery } from '../http/page.js';
import { CHANGE_WAYS, type ChangeWay } from './admin-call.js';
import { SUBJECT_KINDS, type SubjectKind } from './change.js';

const LONGEST_ACTION = 50;

export class ChangesQuery extends PageQuery {
  /** What was changed. */
  @OptionalField()
  @IsIn(SUBJECT_KINDS)
  kind?: SubjectKind;

  /** The one thing that was changed, also after it was deleted. */
  @OptionalField()
  @IsUUID()
  subject_id?: string;

  /** Whose key changed it. */
  @OptionalField()
  @IsUUID()
  key_id?: string;

  /**
   * What was done, e.g. `create`, `update`, `delete`, `rotate_token`.
   * @example 'update'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_ACTION)
  @Matches(/^[a-z_]+$/, { message: 'action must be a word such as update' })
  action?: string;

  /** Which way it came in. */
  @OptionalField()
  @IsIn(CHANGE_WAYS)
  via?: ChangeWay;

  /** All changes of one request. */
  @OptionalField()
  @IsUUID()
  request_id?: string;

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

/** Who made a change. */
export class ChangeAuthorView {
  /** `api`: with a key; `start`: what a start makes; `command`: from a shell; `deskwire`: of itself. */
  @ApiProperty({ enum: CHANGE_WAYS })
  via!: ChangeWay;
  /**
   * Null unless by the API.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4'
   */
  key_id!: string | null;
  /**
   * What the key is called now.
   * @example 'Anna'
   */
  key_name!: string | null;
  /**
   * Where the request came from; `[erased]` once that was asked for.
   * @example '192.0.2.7'
   */
  address!: string | null;
}

/** What was changed. */
export class ChangeSubjectView {
  kind!: SubjectKind;
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
  /**
   * As it was called then.
   * @example 'Urgent tickets'
   */
  name!: string;
}

export class ChangeView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e5' */
  id!: string;
  /**
   * The same for all changes of one request.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e6'
   */
  request_id!: string;
  at!: Date;
  by!: ChangeAuthorView;
  /** @example 'update' */
  action!: string;
  subject!: ChangeSubjectView;
  /**
   * As it was, secrets masked; null where it was not.
   * @example { "name": "Urgent", "position": 2 }
   */
  before!: object | null;
  /**
   * As it was from then on, secrets masked; null where it is no more.
   * @example { "name": "Urgent tickets", "position": 1 }
   */
  after!: object | null;
}
