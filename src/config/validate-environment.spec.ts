import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import { Environment } from './environment.js';
import { EnvironmentError, publicUrl, sandboxEnabled, validateEnvironment } from './validate-environment.js';

const problemsOf = (raw: Record<string, string>): string[] => {
  try {
    validateEnvironment(raw);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
};

describe('validateEnvironment', () => {
  it('needs nothing', () => {
    expect(validateEnvironment({})).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', ROLE: 'all', DATA_DIR: './data' });
  });

  it('takes an empty variable for an absent one, as compose files write them', () => {
    expect(validateEnvironment({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  it('names every bad variable at once and prints no value', () => {
    const problems = problemsOf({
      PORT: 'http',
      ADMIN_API_KEY: 'dw_hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db',
      TRUSTED_PROXIES: '10.0.0.0/99',
      LOG_LEVEL: 'hunter2',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'ADMIN_API_KEY',
      'LOG_LEVEL',
      'TRUSTED_PROXIES',
      'ENCRYPTION_KEY',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a worker without a shared database', { ROLE: 'worker' }, 'ROLE'],
    ['a shared database without a shared key', { DATABASE_URL: 'postgres://db/deskwire' }, 'ENCRYPTION_KEY'],
    [
      'half a bot',
      { ZULIP_SITE: 'https://chat.example.com', ZULIP_CHANNEL: 'support' },
      'ZULIP_SITE, ZULIP_EMAIL, ZULIP_API_KEY',
    ],
    ['days that are none', { RETENTION_DAYS: '0' }, 'RETENTION_DAYS'],
    ['half a day', { RETENTION_DAYS_ATTEMPTS: '1.5' }, 'RETENTION_DAYS_ATTEMPTS'],
    ['more than a hundred years', { RETENTION_DAYS_DELIVERIES: '36501' }, 'RETENTION_DAYS_DELIVERIES'],
    ['raw bodies that outlive the log', { RETENTION_DAYS: '30', RETENTION_DAYS_RAW: '31' }, 'RETENTION_DAYS_RAW'],
    [
      'raw bodies that outlive their events',
      { RETENTION_DAYS: '90', RETENTION_DAYS_EVENTS: '30', RETENTION_DAYS_RAW: '31' },
      'RETENTION_DAYS_RAW',
    ],
    ['a bot without a channel', { ZULIPRC: './zuliprc' }, 'ZULIP_CHANNEL'],
    [
      'a collector without an address',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ],
    [
      'to speak gRPC with a collector',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL',
    ],
    [
      'more than all traces',
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318', OTEL_TRACES_SAMPLER_ARG: '1.5' },
      'OTEL_TRACES_SAMPLER_ARG',
    ],
  ])('refuses %s', (_story, raw, variable) => {
    expect(problemsOf(raw).map((problem) => problem.split(':')[0])).toEqual([variable]);
  });
});

describe('what is said of traces', () => {
  const others = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'xray' };

  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.example.com/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'TRUE' }, false],
    // What is set for other services does not matter where nothing is exported.
    [others, false],
    [{ ...others, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, false],
  ])('%j: traced %s', (raw, expected) => {
    expect(validateEnvironment(raw).exportsTraces()).toBe(expected);
  });

  it('keeps what the collector’s headers hold secret', () => {
    const environment = validateEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=abc%3D%3D, x=y' });
    expect(environment.secretValues()).toEqual(['abc%3D%3D', 'abc==', 'y', 'y']);
  });
});

describe('sandboxEnabled', () => {
  const shared = { DATABASE_URL: 'postgres://db/deskwire', ENCRYPTION_KEY: 'k'.repeat(32) };

  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ HOST: 'localhost' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: '0.0.0.0', SANDBOX: 'true' }, true],
    [{ SANDBOX: 'false' }, false],
    [shared, false],
    [{ ZULIPRC: './zuliprc', ZULIP_CHANNEL: 'support' }, false],
  ])('%j: %s', (raw, expected) => {
    expect(sandboxEnabled(validateEnvironment(raw))).toBe(expected);
  });
});

describe('publicUrl', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'http://127.0.0.1:3000'],
    [{ HOST: '::1', PORT: '8080' }, 'http://[::1]:8080'],
    [{ HOST: '0.0.0.0' }, 'http://localhost:3000'],
    [{ PUBLIC_URL: 'https://hooks.example.com/deskwire/' }, 'https://hooks.example.com/deskwire'],
  ])('%j: %s', (raw, expected) => {
    expect(publicUrl(validateEnvironment(raw))).toBe(expected);
  });
});

describe('.env.example', () => {
  it('lists exactly the variables that the class knows', () => {
    const text = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
    const listed = [...text.matchAll(/^# ?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]);
    const validated = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
    expect(new Set(listed)).toEqual(new Set(validated.map((rule) => rule.propertyName)));
  });

  it('shows the true defaults', () => {
    const text = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
    for (const [name, value] of Object.entries(new Environment()))
      expect(text).toContain(`# ${name}=${String(value)}\n`);
  });
});
