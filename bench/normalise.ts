import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../src/clock/clock.js';
import { ClockModule } from '../src/clock/clock.module.js';
import { ConfigModule } from '../src/config/config.module.js';
import { validateEnvironment } from '../src/config/validate-environment.js';
import { ProviderRegistry } from '../src/providers/provider-registry.js';
import { ProvidersModule } from '../src/providers/providers.module.js';
import { type Fixture, loadFixtures } from '../src/providers/testing/load-fixtures.js';
import { replaceEachText } from '../src/providers/testing/mutate-payload.js';
import type { InboundRequest, ProviderAdapter, SourceSettings } from '../src/ticket-event/provider-adapter.js';
import type { BenchOptions } from './options.js';

const SECONDS = { long: 3, short: 1 };
const WARM_UP_SECONDS = 0.5;
const MEGABYTE = 1_048_576;
/** What a hostile or careless sender fills a text with. */
const FILLERS = ['a', '<div>', '<p>a', '> a\n'];
const SOURCE: SourceSettings = { id: '0190a000-0000-7000-8000-000000000000', name: 'Bench', settings: {} };

/** How fast one adapter is, over its own fixtures. */
interface AdapterResult {
  webhooks: number;
  /** From parsed requests. */
  events_per_second: number;
  /** From bytes. */
  events_per_second_with_parsing: number;
  /** The longest that a webhook took of which one text was made 1 MB long. */
  megabyte_text_ms: number;
}

const environment = validateEnvironment({});

@Module({ imports: [ConfigModule.register(environment), ClockModule.register(new SystemClock()), ProvidersModule] })
class AdaptersModule {}

/** Events a second of each adapter, in this process, without database and HTTP. */
export async function run({ isLong }: BenchOptions): Promise<Record<string, AdapterResult>> {
  const app = await NestFactory.createApplicationContext(AdaptersModule, { logger: false });
  try {
    const results: Record<string, AdapterResult> = {};
    for (const adapter of app.get(ProviderRegistry, { strict: false }).list()) {
      // The built-in ticket desk is sent nothing by anybody.
      if (!existsSync(fixturesOf(adapter))) continue;
      results[adapter.provider] = measure(adapter, isLong ? SECONDS.long : SECONDS.short);
    }
    return results;
  } finally {
    await app.close();
  }
}

function measure(adapter: ProviderAdapter, seconds: number): AdapterResult {
  const fixtures = understood(adapter);
  const requests = fixtures.map((fixture) => fixture.makeRequest());
  const normalise = (request: InboundRequest): number => adapter.normalise(request, SOURCE).length;
  const fromParsed = (): number => requests.reduce((events, request) => events + normalise(request), 0);
  const fromBytes = (): number => fixtures.reduce((events, fixture) => events + normalise(fixture.makeRequest()), 0);
  return {
    webhooks: fixtures.length,
    events_per_second: rate(fromParsed, seconds),
    events_per_second_with_parsing: rate(fromBytes, seconds),
    megabyte_text_ms: slowest(adapter, requests),
  };
}

/** @returns the provider's fixtures that become events with settings of no kind */
function understood(adapter: ProviderAdapter): Fixture[] {
  return loadFixtures(fixturesOf(adapter)).filter((fixture) => isUnderstood(adapter, fixture.makeRequest()));
}

/** The build lies in dist/bench, the fixtures beside the sources. */
function fixturesOf({ provider }: ProviderAdapter): string {
  return join(__dirname, '../../src/providers', provider, 'fixtures');
}

function isUnderstood(adapter: ProviderAdapter, request: InboundRequest): boolean {
  try {
    return adapter.normalise(request, SOURCE).length > 0;
  } catch {
    // The fixture of a refusal.
    return false;
  }
}

function rate(round: () => number, seconds: number): number {
  repeat(round, WARM_UP_SECONDS);
  const { events, ms } = repeat(round, seconds);
  return Math.round((events / ms) * 1_000);
}

function repeat(round: () => number, seconds: number): { events: number; ms: number } {
  const started = performance.now();
  let events = 0;
  while (performance.now() - started < seconds * 1_000) events += round();
  return { events, ms: performance.now() - started };
}

function slowest(adapter: ProviderAdapter, requests: readonly InboundRequest[]): number {
  let longest = 0;
  for (const request of requests) {
    for (const filler of FILLERS) {
      for (const body of replaceEachText(request.body, filler.repeat(MEGABYTE / filler.length))) {
        const started = performance.now();
        isUnderstood(adapter, { ...request, body });
        longest = Math.max(longest, performance.now() - started);
      }
    }
  }
  return Number(longest.toFixed(1));
}
