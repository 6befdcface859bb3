import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { IsDatabaseUrl } from './is-database-url.js';
import { IsAddressRangeList } from './is-address-range-list.js';
import { TraceVariables } from './trace-variables.js';

export const ROLES = ['all', 'api', 'worker'] as const;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const MAX_PORT = 65_535;
/** Whatever is longer is not looked up: src/access/key-format.ts. */
const LONGEST_API_KEY = 1_000;
/** An hour of 200 requests a minute is far beyond what trying out needs. */
const MAX_SANDBOX_RATE = 1_000_000;

const toInteger = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value));
const toBoolean = Transform(({ value }: { value: unknown }) =>
  value === 'true' ? true : value === 'false' ? false : value,
);

/** A hundred years: for the one part of the log that is to outlive the rest. */
const MAX_RETENTION_DAYS = 36_500;
const MAX_REPLICA_LAG_SECONDS = 86_400;

/** For how many days something is kept; for ever where it is not given. */
const isRetentionDays = applyDecorators(IsOptional(), toInteger, IsInt(), Min(1), Max(MAX_RETENTION_DAYS));

/** What a configuration document may refer to. */
const NAMED_SECRET = /^DESKWIRE_SECRET_[A-Z0-9_]+$/;

/**
 * Everything that the environment can say, with its defaults. Validated once at start (`validate-environment.ts`);
 * nothing else reads `process.env`. `.env.example` lists the same names: a test compares them.
 */
export class Environment extends TraceVariables {
  @toInteger
  @IsInt()
  @Min(0)
  @Max(MAX_PORT)
  PORT = 3000;

  @IsString()
  @IsNotEmpty()
  HOST = '127.0.0.1';

  /** `api` takes webhooks, `worker` delivers, `all` does both in one process. */
  @IsIn(ROLES)
  ROLE: (typeof ROLES)[number] = 'all';

  /** PostgreSQL 15 or newer. Without it, an embedded one is started in `DATA_DIR`. */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_URL?: string;

  /** For `listen`, migrations and retention, where a pooler stands before `DATABASE_URL`: none of them works through one. */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_DIRECT_URL?: string;

  /** A streaming replica of the database, which answers what auditors ask while it is level with it. */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_REPLICA_URL?: string;

  /** By how many seconds the replica may be behind; beyond that the primary answers. */
  @toInteger
  @IsInt()
  @Min(1)
  @Max(MAX_REPLICA_LAG_SECONDS)
  DATABASE_REPLICA_MAX_LAG_SECONDS = 30;

  @IsString()
  @IsNotEmpty()
  DATA_DIR = './data';

  /** Where helpdesks reach the gateway; hook URLs begin with it. Default: `http://HOST:PORT`. */
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  PUBLIC_URL?: string;

  /** The first admin key. Without it, one is made at first start and printed once. */
  @IsOptional()
  @Matches(/^dw_[\x21-\x7e]{32,}$/, { message: 'must be dw_ and at least 32 printable characters' })
  @MaxLength(LONGEST_API_KEY, { message: `must not be longer than ${LONGEST_API_KEY} characters` })
  ADMIN_API_KEY?: string;

  /** Encrypts secrets at rest; any 32 characters or more. Required with `DATABASE_URL`, else made in `DATA_DIR`. */
  @IsOptional()
  @IsString()
  @MinLength(32)
  ENCRYPTION_KEY?: string;

  /** A second key, by which secrets can be read too; nothing is encrypted with it. For a change of `ENCRYPTION_KEY`. */
  @IsOptional()
  @IsString()
  @MinLength(32)
  ENCRYPTION_KEY_READ_ONLY?: string;

  /** The built-in Zulip-compatible server. Default: on with the embedded database, a loopback `HOST` and no `ZULIP_*`. */
  @IsOptional()
  @toBoolean
  @IsBoolean()
  SANDBOX?: boolean;

  /** Requests a minute that the sandbox allows one bot. */
  @toInteger
  @IsInt()
  @Min(1)
  @Max(MAX_SANDBOX_RATE)
  SANDBOX_RATE_LIMIT = 200;

  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  ZULIP_SITE?: string;

  @IsOptional()
  @IsString()
  ZULIP_EMAIL?: string;

  @IsOptional()
  @IsString()
  ZULIP_API_KEY?: string;

  /** The channel that the first destination posts to. */
  @IsOptional()
  @IsString()
  ZULIP_CHANNEL?: string;

  /** Path of a zuliprc file, in place of `ZULIP_SITE`, `ZULIP_EMAIL` and `ZULIP_API_KEY`. */
  @IsOptional()
  @IsString()
  ZULIPRC?: string;

  @IsIn(LOG_LEVELS)
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  /** How long a destination stays with a process that has died, before another one delivers to it. */
  @toInteger
  @IsInt()
  @Min(3)
  @Max(300)
  LEASE_SECONDS = 10;

  /** The largest request body, in bytes; beyond it 413. */
  @toInteger
  @IsInt()
  @Min(1024)
  @Max(104_857_600)
  BODY_LIMIT = 5_242_880;

  /** For how many days the log is kept: a month of it goes when all of it is older. */
  @isRetentionDays
  RETENTION_DAYS?: number;

  /** The same for events alone, in place of `RETENTION_DAYS`. */
  @isRetentionDays
  RETENTION_DAYS_EVENTS?: number;

  /** The same for deliveries alone. */
  @isRetentionDays
  RETENTION_DAYS_DELIVERIES?: number;

  /** The same for attempts alone. */
  @isRetentionDays
  RETENTION_DAYS_ATTEMPTS?: number;

  /** For how many days webhooks are kept word for word, where that is shorter than their events are. */
  @isRetentionDays
  RETENTION_DAYS_RAW?: number;

  /** CIDRs or addresses, comma-separated, that outgoing calls may reach although they are private; the sandbox always. */
  @IsOptional()
  @IsAddressRangeList()
  OUTBOUND_ALLOW?: string;

  /** CIDRs or addresses, comma-separated, of proxies whose `X-Forwarded-*` headers are believed. */
  @IsOptional()
  @IsAddressRangeList()
  TRUSTED_PROXIES?: string;

  /** @returns what `${DESKWIRE_SECRET_…}` of a configuration document stands for; undefined where it is not set */
  secret(name: string): string | undefined {
    // There are as many as admins like: they are not declared, and are kept beside what is.
    const value: unknown = NAMED_SECRET.test(name) ? Reflect.get(this, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  }

  /** @returns what must stand nowhere else, above all not in the log */
  secretValues(): string[] {
    const own = [this.ENCRYPTION_KEY, this.ENCRYPTION_KEY_READ_ONLY, this.ADMIN_API_KEY, this.ZULIP_API_KEY];
    const named = Object.keys(this).map((name) => this.secret(name));
    return [...own, ...named, ...this.collectorSecrets()].filter((value) => value !== undefined);
  }
}
