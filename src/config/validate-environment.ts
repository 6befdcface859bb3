import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { isIP } from 'node:net';
import { Environment } from './environment.js';

/** The environment cannot be used. The message names each bad variable and never prints its value. */
export class EnvironmentError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads the variables that `Environment` names; others are none of ours. An empty variable counts as absent, as
 * compose files write it.
 *
 * @throws EnvironmentError naming every bad variable at once
 */
export function validateEnvironment(raw: Record<string, unknown>): Environment {
  const environment = toEnvironment(raw);
  const problems = [...variableProblems(environment), ...combinationProblems(environment)];
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environment;
}

/** What a command needs that works on the database alone. */
const DATABASE_VARIABLES = ['DATABASE_URL', 'DATA_DIR'] as const;
export type DatabaseEnvironment = Pick<Environment, (typeof DATABASE_VARIABLES)[number]>;

/** What a command needs that works on encrypted secrets as well. */
const ENCRYPTION_VARIABLES = [...DATABASE_VARIABLES, 'ENCRYPTION_KEY', 'ENCRYPTION_KEY_READ_ONLY'] as const;
export type EncryptionEnvironment = Pick<Environment, (typeof ENCRYPTION_VARIABLES)[number]>;

/**
 * As `validateEnvironment`, for a command that works on the database alone: whatever else is wrong or missing, the
 * encryption key above all, is none of its business.
 *
 * @throws EnvironmentError
 */
export function validateDatabaseEnvironment(raw: Record<string, unknown>): DatabaseEnvironment {
  return validatePart(raw, DATABASE_VARIABLES, () => []);
}

/** The same, for a command that needs the encryption key too. @throws EnvironmentError */
export function validateEncryptionEnvironment(raw: Record<string, unknown>): EncryptionEnvironment {
  return validatePart(raw, ENCRYPTION_VARIABLES, encryptionProblems);
}

/** What a command needs that calls a gateway on this machine. */
const CLIENT_VARIABLES = ['HOST', 'PORT', 'ADMIN_API_KEY'] as const;
export type ClientEnvironment = Pick<Environment, (typeof CLIENT_VARIABLES)[number]>;

/**
 * As `validateEnvironment`, for a command that calls the gateway.
 *
 * @throws EnvironmentError
 */
export function validateClientEnvironment(raw: Record<string, unknown>): ClientEnvironment {
  return validatePart(raw, CLIENT_VARIABLES, () => []);
}

function validatePart(
  raw: Record<string, unknown>,
  names: readonly string[],
  combinations: (environment: Environment) => string[],
): Environment {
  const environment = toEnvironment(Object.fromEntries(names.map((name) => [name, raw[name]])));
  const problems = [...variableProblems(environment), ...combinations(environment)];
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environment;
}

function toEnvironment(raw: Record<string, unknown>): Environment {
  const present = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== '' && value !== undefined));
  return plainToInstance(Environment, present, { exposeDefaultValues: true });
}

function variableProblems(environment: Environment): string[] {
  return validateSync(environment, { forbidUnknownValues: false }).map(
    (error) => `${error.property}: ${Object.values(error.constraints ?? {}).join('; ')}`,
  );
}

function combinationProblems(environment: Environment): string[] {
  const problems: string[] = [];
  if (environment.ROLE !== 'all' && environment.DATABASE_URL === undefined) {
    problems.push(`ROLE: a role other than "all" needs DATABASE_URL, since processes share one database`);
  }
  return [
    ...problems,
    ...encryptionProblems(environment),
    ...retentionProblems(environment),
    ...zulipProblems(environment),
  ];
}

function encryptionProblems({ DATABASE_URL, ENCRYPTION_KEY }: Environment): string[] {
  if (DATABASE_URL === undefined || ENCRYPTION_KEY !== undefined) return [];
  return ['ENCRYPTION_KEY: required with DATABASE_URL (any 32 characters or more, the same in every process)'];
}

function retentionProblems({ RETENTION_DAYS, RETENTION_DAYS_EVENTS, RETENTION_DAYS_RAW }: Environment): string[] {
  const events = RETENTION_DAYS_EVENTS ?? RETENTION_DAYS;
  if (RETENTION_DAYS_RAW === undefined || events === undefined || RETENTION_DAYS_RAW <= events) return [];
  return ['RETENTION_DAYS_RAW: must not be longer than events are kept, with which they go'];
}

function zulipProblems(environment: Environment): string[] {
  const parts = [environment.ZULIP_SITE, environment.ZULIP_EMAIL, environment.ZULIP_API_KEY];
  const given = parts.filter((part) => part !== undefined).length;
  const problems: string[] = [];
  if (given > 0 && given < parts.length) {
    problems.push('ZULIP_SITE, ZULIP_EMAIL, ZULIP_API_KEY: give all three or none');
  }
  if (given > 0 && environment.ZULIPRC !== undefined) problems.push('ZULIPRC: give it or ZULIP_SITE, not both');
  const hasBot = given > 0 || environment.ZULIPRC !== undefined;
  if (hasBot && environment.ZULIP_CHANNEL === undefined) {
    problems.push('ZULIP_CHANNEL: the channel that the bot posts to is missing');
  }
  if (!hasBot && environment.ZULIP_CHANNEL !== undefined) {
    problems.push(
      'ZULIP_CHANNEL: the bot that posts there is missing (ZULIP_SITE, ZULIP_EMAIL, ZULIP_API_KEY or ZULIPRC)',
    );
  }
  return problems;
}

/** @returns whether the environment names a Zulip bot for the first destination. */
export function namesZulipBot(environment: Environment): boolean {
  return environment.ZULIP_SITE !== undefined || environment.ZULIPRC !== undefined;
}

/** @returns whether the sandbox runs: as `SANDBOX` says, else only where nobody but this machine can reach it. */
export function sandboxEnabled(environment: Environment): boolean {
  return (
    environment.SANDBOX ??
    (environment.DATABASE_URL === undefined && isLoopback(environment.HOST) && !namesZulipBot(environment))
  );
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** @returns where helpdesks reach the gateway, without a trailing slash. `port` is the one really listened on. */
export function publicUrl(
  environment: Pick<Environment, 'HOST' | 'PORT' | 'PUBLIC_URL'>,
  port: number = environment.PORT,
): string {
  if (environment.PUBLIC_URL !== undefined) return environment.PUBLIC_URL.replace(/\/+$/, '');
  const host = environment.HOST === '0.0.0.0' || environment.HOST === '::' ? 'localhost' : environment.HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
