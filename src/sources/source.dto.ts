import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { OptionalField } from '../http/optional-field.js';
import { NestedField } from '../http/nested-field.js';
import { SIGNATURE_SCHEMES, type SignatureScheme } from './signature-schemes.js';
import { IsNameTable } from './name-table.js';

const SECONDS_PER_WEEK = 604_800;
const LONGEST_URL = 2_000;
const LONGEST_HEADER_NAME = 100;
const LONGEST_SECRET = 1_000;
const MOST_SECRETS = 10;
/** RFC 9110, 5.6.2: what a header may be called. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 7617: the user's part holds no colon, and none of either is a control character. */
const BASIC = /^[^:\p{Cc}]+:[^\p{Cc}]+$/u;

const webAddress = { require_tld: false, protocols: ['http', 'https'], require_protocol: true, disallow_auth: true };

export class SourceSettingsBody {
  /** How long a webhook without a delivery id is remembered, in seconds; 0 = never a duplicate. Default 600. */
  @OptionalField()
  @IsInt()
  @Min(0)
  @Max(SECONDS_PER_WEEK)
  deduplicate_seconds?: number;

  /** How the helpdesk signs; needs `signing_secrets`. `shared-secret`: the secret itself stands in `signature_header`. */
  @OptionalField()
  @IsIn(SIGNATURE_SCHEMES)
  signature?: SignatureScheme;

  /** Where the signature stands, for `hmac-sha256` and `shared-secret`. */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_HEADER_NAME)
  @Matches(HEADER_NAME, { message: 'signature_header must be the name of a header' })
  signature_header?: string;

  /** How `hmac-sha256` is written; default: hex. */
  @OptionalField()
  @IsIn(['hex', 'base64'])
  signature_encoding?: 'hex' | 'base64';

  /** Where agents open the helpdesk: links to tickets begin with it where the payload names none. */
  @OptionalField()
  @IsUrl(webAddress)
  @MaxLength(LONGEST_URL)
  base_url?: string;

  /** Where the helpdesk's API is. */
  @OptionalField()
  @IsUrl(webAddress)
  @MaxLength(LONGEST_URL)
  api_url?: string;

  /** Faveo: what its departments are called, by id. */
  @OptionalField()
  @IsNameTable()
  departments?: Record<string, string>;

  /** Faveo: what its priorities are called, by id. */
  @OptionalField()
  @IsNameTable()
  priorities?: Record<string, string>;

  /** Faveo: what its statuses are called, by id. */
  @OptionalField()
  @IsNameTable()
  statuses?: Record<string, string>;

  /** Faveo: what its agents are called, by id. */
  @OptionalField()
  @IsNameTable()
  agents?: Record<string, string>;

  /** Generic: for a system of one's own, fields of the event, each with a Liquid template over `body` and `headers`. */
  @OptionalField()
  @IsObject()
  mapping?: Record<string, string>;
}

/** What is entrusted to a source. Never shown again. */
export class SourceSecretsBody {
  /** What the helpdesk signs with. Several while they are rotated: any may match. */
  @OptionalField()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @IsString({ each: true })
  @MaxLength(LONGEST_SECRET, { each: true })
  @Matches(/\S/, { each: true, message: 'each of signing_secrets must not be blank' })
  signing_secrets?: string[];

  /** `user:password` that the helpdesk sends as Basic auth. */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_SECRET)
  @Matches(BASIC, { message: 'basic must be user:password' })
  basic?: string;

  /** For the helpdesk's own API. */
  @OptionalField()
  @IsLine(LONGEST_SECRET)
  @Matches(/^[\x21-\x7e]+$/, { message: 'api_token must be printable ASCII without spaces' })
  api_token?: string;
}

export class CreateSourceBody {
  @IsName()
  name!: string;

  /** The kind of helpdesk, e.g. `groove`. */
  @IsString()
  @MaxLength(50)
  provider!: string;

  @OptionalField()
  @NestedField(() => SourceSettingsBody)
  settings?: SourceSettingsBody;

  @OptionalField()
  @NestedField(() => SourceSecretsBody)
  secrets?: SourceSecretsBody;
}

/** What is left out stays; a setting or a secret that is null is removed. */
export class UpdateSourceBody {
  @OptionalField()
  @IsName()
  name?: string;

  /** As when a source is made; null removes a setting. */
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;

  /** As when a source is made; null removes a secret. */
  @OptionalField()
  @IsObject()
  secrets?: Record<string, unknown>;
}

export class SourceView {
  id!: string;
  name!: string;
  provider!: string;
  settings!: SourceSettingsBody;
  disabled_at!: Date | null;
  created_at!: Date;
}

/** The one answer that shows the hook URL, token and all. */
export class NewSourceView extends SourceView {
  hook_url!: string;
}
