import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { OptionalField } from '../http/optional-field.js';
import { IsAddressRanges, MOST_RANGES } from './address-range-field.js';
import { IsMapping } from './mapping-field.js';
import { IsNameTable } from './name-table.js';
import { SIGNATURE_SCHEMES, type SignatureScheme } from './signature-schemes.js';

const SECONDS_PER_WEEK = 604_800;
const MOST_A_MINUTE = 1_000_000;
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
  /**
   * Where requests for the source may come from: at most 100 IPv4 and IPv6 addresses and CIDRs, judged behind
   * `TRUSTED_PROXIES`. Others are answered 403. Default: anywhere.
   * @example ['192.0.2.0/24', '2001:db8::/32']
   */
  @ApiPropertyOptional({ minItems: 1, maxItems: MOST_RANGES })
  @OptionalField()
  @IsAddressRanges()
  allowed_ips?: string[];

  /**
   * Webhooks, and requests with the source's keys, that are taken a minute; as many may come at once. Beyond it: 429. Each
   * process counts for itself; a batch counts as many as it has tickets. Default: no limit.
   * @example 600
   */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(MOST_A_MINUTE)
  rate_limit_per_minute?: number;

  /**
   * How long a webhook without a delivery id is remembered, in seconds; 0 = never a duplicate. Default 600.
   * @example 600
   */
  @OptionalField()
  @IsInt()
  @Min(0)
  @Max(SECONDS_PER_WEEK)
  deduplicate_seconds?: number;

  /**
   * How the helpdesk signs; needs `signing_secrets`. `shared-secret`: the secret itself stands in `signature_header`.
   * @example 'hmac-sha256'
   */
  @OptionalField()
  @IsIn(SIGNATURE_SCHEMES)
  signature?: SignatureScheme;

  /**
   * Where the signature stands, for `hmac-sha256` and `shared-secret`.
   * @example 'X-Signature'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_HEADER_NAME)
  @Matches(HEADER_NAME, { message: 'signature_header must be the name of a header' })
  signature_header?: string;

  /**
   * How `hmac-sha256` is written; default: hex.
   * @example 'base64'
   */
  @OptionalField()
  @IsIn(['hex', 'base64'])
  signature_encoding?: 'hex' | 'base64';

  /**
   * Where agents open the helpdesk: links to tickets begin with it where the payload names none.
   * @example 'https://desk.example.com'
   */
  @OptionalField()
  @IsUrl(webAddress)
  @MaxLength(LONGEST_URL)
  base_url?: string;

  /**
   * Where the helpdesk's API is.
   * @example 'https://api.desk.example.com'
   */
  @OptionalField()
  @IsUrl(webAddress)
  @MaxLength(LONGEST_URL)
  api_url?: string;

  /**
   * Faveo: what its departments are called, by id.
   * @example { "1": "Support" }
   */
  @OptionalField()
  @IsNameTable()
  departments?: Record<string, string>;

  /**
   * Faveo: what its priorities are called, by id.
   * @example { "2": "High" }
   */
  @OptionalField()
  @IsNameTable()
  priorities?: Record<string, string>;

  /**
   * Faveo: what its statuses are called, by id.
   * @example { "1": "Open" }
   */
  @OptionalField()
  @IsNameTable()
  statuses?: Record<string, string>;

  /**
   * Faveo: what its agents are called, by id.
   * @example { "7": "Priya Patel" }
   */
  @OptionalField()
  @IsNameTable()
  agents?: Record<string, string>;

  /**
   * Generic: for a system of one's own, fields of the event, each with a Liquid template over `body` and `headers`.
   * @example { "ticket.key": "{{ body.id }}", "ticket.title": "{{ body.subject }}" }
   */
  @OptionalField()
  @IsMapping()
  mapping?: Record<string, string>;
}

/** What is entrusted to a source. Never shown again. */
export class SourceSecretsBody {
  /**
   * What the helpdesk signs with. Several while they are rotated: any may match.
   * @example ['whsec_of-old', 'whsec_of-new']
   */
  @OptionalField()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @IsString({ each: true })
  @MaxLength(LONGEST_SECRET, { each: true })
  @Matches(/\S/, { each: true, message: 'each of signing_secrets must not be blank' })
  signing_secrets?: string[];

  /**
   * `user:password` that the helpdesk sends as Basic auth.
   * @example 'desk:correct-horse'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_SECRET)
  @Matches(BASIC, { message: 'basic must be user:password' })
  basic?: string;

  /**
   * For the helpdesk's own API. Another `api_url` needs it anew.
   * @example 'groove-access-token'
   */
  @OptionalField()
  @IsLine(LONGEST_SECRET)
  @Matches(/^[\x21-\x7e]+$/, { message: 'api_token must be printable ASCII without spaces' })
  api_token?: string;
}
