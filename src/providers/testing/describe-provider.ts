import * as fc from 'fast-check';
import { MissingEventNameError, ProviderError, UnsupportedEventError } from '../../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter, SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { assertTicketEventDraft } from './assert-ticket-event-draft.js';
import { type Expectation, type Fixture, loadFixtures } from './load-fixtures.js';
import { mutatePayload, payloadMutations, replaceEachText, reverseKeys } from './mutate-payload.js';

/** What differs between providers. */
export interface ProviderSuite {
  /** Holds `<event>__<case>.json` and `<event>__<case>.expected.json`; see `load-fixtures.ts`. */
  fixturesDir: string;
  /**
   * Makes a fixture's request one of another event, or of none where the name is undefined: only the adapter knows where
   * the name stands. Left out by providers whose webhooks have no event names.
   */
  renameEvent?: (request: InboundRequest, nativeType: string | undefined) => InboundRequest;
  /** The source of every fixture, where settings matter. */
  source?: SourceSettings;
}

const DEFAULT_SOURCE: SourceSettings = { id: '0190a000-0000-7000-8000-000000000000', name: 'Support', settings: {} };
const RUNS_PER_FIXTURE = 60;
const LONGEST_NATIVE_TYPE = 100;
const HOSTILE_NAMES = ['no_such_event', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)];
/** Long enough that anything quadratic runs into Jest's time limit. */
const LONG_TEXT = 200_000;
const FILLERS = ['a', '<', '<p>a', ' \n', '/v1/tickets/1'];
const SECRETS =
  /\b(?:bearer |basic |sk_|pk_|ghp_|xox[abp]-|AKIA|dw_)[\w-]{12,}|-----BEGIN|"(?:password|api_?key|secret)"/i;

/** The conformance suite that every adapter's spec runs. */
export function describeProvider(createAdapter: () => ProviderAdapter, suite: ProviderSuite): void {
  const adapter = createAdapter();
  const fixtures = loadFixtures(suite.fixturesDir);
  const source = freezeDeeply(suite.source ?? DEFAULT_SOURCE);
  const normalise = (request: InboundRequest): TicketEventDraft[] => createAdapter().normalise(request, source);

  describe(`the provider ${adapter.provider}`, () => {
    describeNames(adapter, fixtures, normalise, suite);
    describe.each(fixtures)('$name', (fixture) => {
      describeFixture(fixture, normalise);
    });
  });
}

type Normalise = (request: InboundRequest) => TicketEventDraft[];

function describeNames(
  adapter: ProviderAdapter,
  fixtures: Fixture[],
  normalise: Normalise,
  suite: ProviderSuite,
): void {
  it('has a name that can stand in a URL', () => {
    expect(adapter.provider).toMatch(/^[a-z0-9-]+$/);
  });

  it('has a fixture for every native type, and no other fixtures', () => {
    expect([...new Set(fixtures.map(({ event }) => event))].sort()).toEqual([...adapter.nativeTypes].sort());
  });

  const { renameEvent } = suite;
  const [first] = fixtures;
  if (!renameEvent || !first) return;

  it.each(HOSTILE_NAMES)('calls the event %.20s unsupported', (name) => {
    const error = outcomeOf(normalise, renameEvent(first.makeRequest(), name));
    expect(error).toBeInstanceOf(UnsupportedEventError);
    expect((error as UnsupportedEventError).nativeType).toBe(name.slice(0, LONGEST_NATIVE_TYPE));
  });

  it.each([undefined, '', '  '])('says where the event name is missing (%p)', (name) => {
    expect(outcomeOf(normalise, renameEvent(first.makeRequest(), name))).toBeInstanceOf(MissingEventNameError);
  });
}

function describeFixture(fixture: Fixture, normalise: Normalise): void {
  it(`is understood: ${fixture.about}`, () => {
    expect(toExpectation(outcomeOf(normalise, fixture.makeRequest()))).toEqual(fixture.expected);
  });

  it('gives the same whatever the time and the order of keys, and leaves the request alone', () => {
    const request = freezeRequest(fixture.makeRequest());
    const reversed = freezeRequest({ ...request, body: reverseKeys(request.body) });
    jest.useFakeTimers({ now: 0 });
    try {
      const early = JSON.stringify(outcomeOf(normalise, request));
      jest.setSystemTime(new Date('2100-01-01'));
      expect(JSON.stringify(outcomeOf(normalise, request))).toBe(early);
      expect(JSON.stringify(outcomeOf(normalise, reversed))).toBe(early);
    } finally {
      jest.useRealTimers();
    }
  });

  it('gives drafts that keep the contract, or a named error, however the payload is spoiled', () => {
    fc.assert(
      fc.property(payloadMutations(), (mutations) => {
        const request = fixture.makeRequest();
        expectDraftsOrError(outcomeOf(normalise, { ...request, body: mutatePayload(request.body, mutations) }));
      }),
      { numRuns: RUNS_PER_FIXTURE },
    );
  });

  it('does not hang on a long text anywhere', () => {
    for (const filler of FILLERS) {
      const request = fixture.makeRequest();
      for (const body of replaceEachText(request.body, filler.repeat(LONG_TEXT / filler.length))) {
        expectDraftsOrError(outcomeOf(normalise, { ...request, body }));
      }
    }
  });

  it('holds no secret', () => {
    expect(fixture.source).not.toMatch(SECRETS);
  });
}

function outcomeOf(normalise: Normalise, request: InboundRequest): TicketEventDraft[] | Error {
  try {
    return normalise(request);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

function expectDraftsOrError(outcome: TicketEventDraft[] | Error): void {
  if (outcome instanceof Error) return;
  expect(outcome.length).toBeGreaterThan(0);
  outcome.forEach(assertTicketEventDraft);
}

/** As the expectation's file has it. A hash says nothing to a reader; that it is stable is tested by itself. */
function toExpectation(outcome: TicketEventDraft[] | Error): Expectation {
  if (outcome instanceof Error) return { error: outcome.name, message: outcome.message };
  outcome.forEach(assertTicketEventDraft);
  const drafts = outcome.map((draft) =>
    draft.identity.kind === 'content' ? { ...draft, identity: { kind: 'content' } } : draft,
  );
  return JSON.parse(JSON.stringify(drafts)) as Expectation;
}

/** Bytes cannot be frozen; everything else of a request can. */
function freezeRequest({ rawBody, ...rest }: InboundRequest): InboundRequest {
  return Object.freeze({ ...freezeDeeply(rest), rawBody });
}

function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeeply);
  }
  return value;
}
