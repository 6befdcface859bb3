import { FakeClock } from '../../../test/support/fake-clock.js';
import { TraceCollector } from '../../../test/support/trace-collector.js';
import { validateEnvironment } from '../../config/validate-environment.js';
import { openTelemetryTracer } from '../../telemetry/tracing/open-telemetry-tracer.js';
import type { Tracer } from '../../telemetry/tracing/tracer.js';
import { buildEvent } from '../../notifiers/testing/event-builder.js';
import type { AttemptStart } from '../sql/begin-attempts.js';
import type { AttemptEnd } from '../sql/finish-attempts.js';
import type { DueDelivery } from '../sql/take-due.js';
import { DestinationTraces } from './destination-traces.js';

const EVENT = buildEvent('message.agent_replied');
const DESTINATION = { id: 'destination', name: 'Zulip', settings: {}, secrets: {} };
const SILENT = { log: () => undefined, warn: () => undefined };

/** A context that the delivery keeps, of the webhook that it came with. */
const contextOf = (letter: string): string => `00-${letter.repeat(32)}-${letter.repeat(16)}-01`;

function delivery(id: string, facts: Partial<DueDelivery> = {}): DueDelivery {
  return {
    id,
    event_id: `event-${id}`,
    source_id: 'source',
    ticket_key: null,
    lane: 'source',
    sequence: '1',
    has_sibling: false,
    attempts: 0,
    tries: 1,
    send_alone: false,
    replay_of: null,
    traceparent: contextOf(id),
    event: EVENT,
    route_settings: {},
    ...facts,
  };
}

describe('traces of a destination', () => {
  let collector: TraceCollector;
  let tracer: Tracer;
  let traces: DestinationTraces;

  beforeEach(async () => {
    collector = await TraceCollector.start();
    const environment = validateEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    tracer = openTelemetryTracer(environment, new FakeClock(), SILENT);
    traces = new DestinationTraces(tracer, DESTINATION, 'zulip');
  });

  afterEach(() => collector.stop());

  /** Has deliveries sent in one message. */
  const send = (deliveries: readonly DueDelivery[]): void => {
    const starts = deliveries.map(({ id }) => ({ id: `attempt-${id}`, deliveryId: id }) as AttemptStart);
    const ends = deliveries.map(
      ({ id }) => ({ deliveryId: id, outcome: 'sent', state: 'delivered', inDoubt: false, reason: null }) as AttemptEnd,
    );
    const trace = traces.attempt(deliveries, starts, 'https://chat.example.com/zulip?key=secret');
    trace?.answered({ outcome: 'sent', httpStatus: 200 });
    trace?.ended(ends);
  };

  /** Trace, name, parent and links of each span. */
  const shape = async (): Promise<unknown[]> => {
    await tracer.stop();
    const names = new Map(collector.spans.map(({ id, name, traceId }) => [id, `${name} of ${traceId[0] ?? ''}`]));
    return collector.spans
      .map(({ name, traceId, parentId, links }) => ({
        name: `${name} of ${traceId[0] ?? ''}`,
        parent: names.get(parentId ?? '') ?? parentId,
        links: links.map((link) => names.get(link.split('/')[1] ?? '') ?? link),
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  };

  it('show a joined message in each of its traces, linked with one another', async () => {
    const old = delivery('0', { traceparent: null });
    send([old, delivery('a'), delivery('b'), delivery('c')]);
    expect(await shape()).toEqual([
      {
        name: 'deliver of a',
        parent: 'a'.repeat(16),
        links: ['b', 'c'].map((letter) => `${letter.repeat(32)}/${letter.repeat(16)}`),
      },
      { name: 'deliver of b', parent: 'b'.repeat(16), links: ['deliver of a'] },
      { name: 'deliver of c', parent: 'c'.repeat(16), links: ['deliver of a'] },
      { name: 'POST of a', parent: 'deliver of a', links: [] },
    ]);
    expect(collector.trace('b'.repeat(32))['deliver']?.attributes).toMatchObject({
      'messaging.batch.message_count': 4,
      'deskwire.delivery.id': 'b',
      'deskwire.attempt.id': 'attempt-b',
      'deskwire.attempt.number': 2,
    });
    expect(collector.trace('a'.repeat(32))['POST']?.attributes).toMatchObject({
      'server.address': 'chat.example.com',
      'server.port': 443,
    });
  });

  it('leave alone what no trace is kept for', async () => {
    send([delivery('0', { traceparent: null }), delivery('1', { traceparent: null })]);
    traces.unsent(delivery('2', { traceparent: null }), { state: 'skipped', reason: 'same_place' });
    expect(traces.lookUp([delivery('3', { traceparent: null })])).toBeUndefined();
    expect(await shape()).toEqual([]);
  });

  it('say why nothing was sent', async () => {
    traces.unsent(delivery('a'), { state: 'skipped', reason: 'nothing_to_say' });
    traces.unsent(delivery('b'), { state: 'dead', reason: 'render_failed' });
    await tracer.stop();
    expect(
      collector.spans.map(({ name, isError, attributes }) => [name, isError, attributes['deskwire.reason']]),
    ).toEqual([
      ['deliver', false, 'nothing_to_say'],
      ['deliver', true, 'render_failed'],
    ]);
  });

  it('show that a receiver is asked what arrived', async () => {
    traces.lookUp([delivery('a'), delivery('b')])?.end({ 'deskwire.looked_up': 'found' });
    expect(await shape()).toEqual([
      { name: 'look up of a', parent: 'a'.repeat(16), links: [`${'b'.repeat(32)}/${'b'.repeat(16)}`] },
    ]);
  });
});
