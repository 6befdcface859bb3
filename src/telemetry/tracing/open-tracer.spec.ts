import { FakeClock } from '../../../test/support/fake-clock.js';
import { TraceCollector } from '../../../test/support/trace-collector.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { validateEnvironment } from '../../config/validate-environment.js';
import { openTelemetryTracer } from './open-telemetry-tracer.js';
import { openTracer } from './open-tracer.js';
import type { Tracer } from './tracer.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const FIVE_MINUTES_MS = 300_000;

describe('a tracer', () => {
  let collector: TraceCollector;
  let clock: FakeClock;
  let said: unknown[][];

  beforeEach(async () => {
    collector = await TraceCollector.start();
    clock = new FakeClock();
    said = [];
  });

  afterEach(async () => {
    collector.refuseWaiting();
    await collector.stop();
  });

  const open = (variables: Record<string, string> = {}): Tracer => {
    const environment = validateEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      ...variables,
    });
    return openTelemetryTracer(environment, clock, {
      log: (...words) => said.push(words),
      warn: (...words) => said.push(words),
    });
  };

  const SERVER = { kind: 'server' } as const;

  it('is none where nothing is exported', async () => {
    expect(await openTracer(validateEnvironment({}), clock)).toBeUndefined();
    const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' };
    expect(await openTracer(validateEnvironment(disabled), clock)).toBeUndefined();
  });

  it.each([
    ['a valid one', `00-${TRACE}-${PARENT}-01`, true],
    ['one of a later version that says more', `01-${TRACE}-${PARENT}-01-more`, true],
    ['one with flags that are not known yet', `00-${TRACE}-${PARENT}-03`, true],
    ['one that is too short', `00-${TRACE}-${PARENT}`, false],
    ['one that is too long', `00-${TRACE}-${PARENT}-01-more`, false],
    ['one of the version that there is none of', `ff-${TRACE}-${PARENT}-01`, false],
    ['one in capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`, false],
    ['one of nothing but zeros', `00-${'0'.repeat(32)}-${PARENT}-01`, false],
    ['one without a parent', `00-${TRACE}-${'0'.repeat(16)}-01`, false],
    ['two of them', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`, false],
    ['none', '', false],
  ])('continues what is a traceparent: %s', async (_story, traceparent, continues) => {
    const tracer = open();
    const span = tracer.begin('work', SERVER, traceparent);
    expect(span?.traceId === TRACE).toBe(continues);
    expect(span?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    span?.end();
    await tracer.stop();
    expect(collector.spans).toEqual([expect.objectContaining({ parentId: continues ? PARENT : undefined })]);
  });

  it.each([
    ['parentbased_always_on', '01', true],
    ['parentbased_always_on', '00', false],
    ['parentbased_traceidratio', '01', true],
    ['traceidratio', '01', false],
    ['always_off', '01', false],
    ['always_on', '00', true],
    ['parentbased_always_off', undefined, false],
    ['parentbased_always_on', undefined, true],
  ])('keeps what the sampler says: %s, flags %s', async (sampler, flags, isKept) => {
    const tracer = open({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0' });
    const parent = flags === undefined ? undefined : `00-${TRACE}-${PARENT}-${flags}`;
    expect(tracer.begin('work', SERVER, parent) !== undefined).toBe(isKept);
    await tracer.stop();
  });

  it('says who it is, and what the operator says of it', async () => {
    const tracer = open({
      OTEL_SERVICE_NAME: 'helpdesk-gateway',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=night%20shift,host.name=one',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc',
    });
    tracer.begin('work', SERVER)?.end({ count: 2, none: undefined }, 'broken');
    await tracer.stop();
    expect(collector.exports).toEqual([expect.objectContaining({ path: '/v1/traces' })]);
    expect(collector.exports[0]?.headers.authorization).toBe('Basic abc');
    const [span] = collector.spans;
    expect(span).toMatchObject({ isError: true, attributes: { count: 2, 'error.type': 'broken' } });
    expect(span?.resource).toMatchObject({
      'service.name': 'helpdesk-gateway',
      'deployment.environment.name': 'night shift',
      'host.name': 'one',
      'deskwire.role': 'all',
    });
  });

  it('speaks protobuf unless told otherwise, to the address that is for traces where there is one', async () => {
    const tracer = open({
      OTEL_EXPORTER_OTLP_PROTOCOL: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/in/full`,
    });
    tracer.begin('some-work', SERVER)?.end();
    await tracer.stop();
    const [received] = collector.exports;
    expect([received?.path, received?.headers['content-type']]).toEqual(['/in/full', 'application/x-protobuf']);
    expect(received?.body.includes('some-work')).toBe(true);
  });

  it('says once in five minutes that a collector takes nothing, and when it does again', async () => {
    const tracer = open();
    const exportOne = async (status: number): Promise<void> => {
      collector.status = status;
      const before = collector.exports.length;
      tracer.begin('work', SERVER)?.end();
      await waitUntil(() => collector.exports.length > before);
      // What is answered is heard a moment later.
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await exportOne(400);
    await exportOne(400);
    await exportOne(400);
    expect(said).toEqual([
      [{ err: expect.any(Error), spans: 1 }, 'the collector does not take traces; they are lost meanwhile'],
    ]);
    clock.advance(FIVE_MINUTES_MS);
    await exportOne(400);
    await exportOne(200);
    await exportOne(200);
    expect(said.slice(1)).toEqual([
      [{ err: expect.any(Error), spans: 3 }, 'the collector does not take traces; they are lost meanwhile'],
      ['the collector takes traces again'],
    ]);
    await tracer.stop();
  });

  it('waits three seconds for a collector that does not answer, and no longer', async () => {
    collector.status = undefined;
    const tracer = open();
    tracer.begin('work', SERVER)?.end();
    await waitUntil(() => collector.exports.length === 1);
    let isStopped = false;
    const stopped = tracer.stop().then(() => (isStopped = true));
    clock.advance(2_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isStopped).toBe(false);
    clock.advance(1);
    await stopped;
    expect(said).toEqual([]);
  });
});
