import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { buildEvent } from '../../notifiers/testing/event-builder.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { ActiveSource, SourceDirectory } from '../../sources/source-directory.js';
import type { ProviderAdapter } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { DueDelivery } from '../sql/take-due.js';
import { Enrichment } from './enrichment.js';

type Enrich = NonNullable<ProviderAdapter['enrich']>;

const EVENT = buildEvent('message.agent_replied');
const NAMED = { ...EVENT, actor: { name: 'Ada', kind: 'agent' as const } };

function delivery(sourceId: string, sequence = '1'): DueDelivery {
  return {
    id: `${sourceId}-${sequence}`,
    event_id: EVENT.id,
    source_id: sourceId,
    ticket_key: null,
    lane: sourceId,
    sequence,
    has_sibling: false,
    attempts: 0,
    tries: 0,
    send_alone: false,
    replay_of: null,
    traceparent: null,
    event: EVENT,
    route_settings: {},
  };
}

describe('enrichment before sending', () => {
  let clock: FakeClock;
  let asked: string[];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
  });

  const source = (id: string, provider: string, token?: string): ActiveSource => ({
    ...{ id, provider, name: id, settings: {} },
    secrets: token === undefined ? {} : { api_token: token },
  });
  const sources = [source('known', 'groove', 'token'), source('closed', 'groove'), source('plain', 'generic', 'token')];
  const enrichment = (answer: (event: TicketEventDocument) => Promise<TicketEventDocument>): Enrichment => {
    const enrich: Enrich = (event, { id }) => {
      asked.push(id);
      return answer(event);
    };
    const bare = { nativeTypes: [], normalise: () => [] };
    const registry = new ProviderRegistry([
      { ...bare, provider: 'groove', enrich },
      { ...bare, provider: 'generic' },
    ]);
    const directory = { findById: (id: string) => sources.find((known) => known.id === id) };
    return new Enrichment(directory as SourceDirectory, registry, clock);
  };
  const never = (): Promise<never> => new Promise(() => undefined);

  it('gives deliveries of a source with a token events that say more', async () => {
    const due = [delivery('plain'), delivery('known', '2'), delivery('closed', '3'), delivery('gone', '4')];
    const enriched = await enrichment(() => Promise.resolve(NAMED)).enrich(due);
    expect(enriched).toEqual([due[0], { ...delivery('known', '2'), event: NAMED }, due[2], due[3]]);
    expect(due[1]?.event).toBe(EVENT);
    expect(asked).toEqual(['known']);
  });

  it('costs nothing without such a source', async () => {
    const due = [delivery('plain'), delivery('closed'), delivery('gone')];
    expect(await enrichment(never).enrich(due)).toBe(due);
    expect([asked, clock.delays]).toEqual([[], []]);
  });

  it('goes on after 2 s without what is not known by then, and takes nothing that comes later', async () => {
    let tell: (event: TicketEventDocument) => void = () => undefined;
    const late = new Promise<TicketEventDocument>((resolve) => (tell = resolve));
    const due = [delivery('known', '1'), delivery('known', '2')];
    const answers = [late, Promise.resolve(NAMED)];
    const enriching = enrichment(() => answers.shift() ?? never()).enrich(due);
    await Promise.resolve();
    clock.advance(1_999);
    expect(await Promise.race([enriching, Promise.resolve('waits')])).toBe('waits');
    clock.advance(1);
    const enriched = await enriching;
    tell(NAMED);
    await late;
    expect(enriched).toEqual([due[0], { ...due[1], event: NAMED }]);
  });

  it.each<[string, () => Promise<never>]>([
    ['later', () => Promise.reject(new Error('no'))],
    [
      'at once',
      () => {
        throw new Error('no');
      },
    ],
  ])('survives an adapter that throws %s', async (_when, fail) => {
    const due = [delivery('known')];
    expect(await enrichment(fail).enrich(due)).toEqual(due);
  });
});
