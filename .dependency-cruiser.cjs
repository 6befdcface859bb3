// The rooms of docs/architecture.md: dependencies run one way.
const room = (names) => `^src/(${names})/`;
/** Specs and test harnesses may look anywhere. */
const tests = '(\\.spec\\.ts$|/testing/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-imports-nothing',
      comment: 'The contract is what every room meets at; it knows none of them, nor Nest, nor TypeORM.',
      severity: 'error',
      from: { path: room('ticket-event'), pathNot: tests },
      to: { pathNot: ['^src/ticket-event/', '^node:', '^(crypto)$'] },
    },
    {
      name: 'providers-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/providers/([^/]+)/' },
      to: {
        path: '^src/providers/([^/]+)/',
        pathNot: ['^src/providers/$1/', '^src/providers/testing/', '^src/providers/helpdesk-api/'],
      },
    },
    {
      name: 'providers-know-the-contract-only',
      comment: 'Beside it the template language for sources that describe themselves, and the room that calls out.',
      severity: 'error',
      from: { path: room('providers'), pathNot: [tests, '^src/providers/helpdesk-api/'] },
      to: { path: '^src/', pathNot: ['^src/(providers|ticket-event|templating|outgoing)/'] },
    },
    {
      name: 'helpdesk-api-serves-providers',
      comment: 'What they share to call their helpdesks. It alone knows the time: what is remembered grows old.',
      severity: 'error',
      from: { path: '^src/providers/helpdesk-api/', pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/providers/(helpdesk-api/|[^/]+$)', '^src/(ticket-event|outgoing|clock)/'] },
    },
    {
      name: 'notifiers-do-not-look-up',
      comment: 'A notifier renders and sends; it knows neither queue nor intake nor administration.',
      severity: 'error',
      from: { path: room('notifiers'), pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/(notifiers|ticket-event|templating|http|outgoing|clock|config)/'] },
    },
    {
      name: 'one-direction',
      comment: 'What stands early on the road does not know what comes after it.',
      severity: 'error',
      from: {
        path: room('ticket-event|tickets|providers|routes|notifiers|deliveries|sources|destinations'),
        pathNot: tests,
      },
      to: { path: room('intake|ticket-desk|audit|access|preview|replays|config-as-code|start-up|sandbox') },
    },
    {
      name: 'dispatcher-sees-no-request',
      severity: 'error',
      from: { path: room('deliveries') },
      to: { path: 'node_modules/(fastify|@nestjs/platform-fastify)/' },
    },
    {
      name: 'sandbox-is-a-stranger',
      comment: 'A server as far as our client can tell: it shares no code with it.',
      severity: 'error',
      from: { path: room('sandbox'), pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/(sandbox|http|clock)/'] },
    },
    {
      name: 'one-room-calls-out',
      comment: 'Outgoing HTTP is guarded in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/outgoing/'] },
      to: { path: 'node_modules/(axios|@nestjs/axios|undici)/' },
    },
    {
      name: 'foundations-know-no-room',
      comment:
        'Config, clock, secrets, database, templating, http, outgoing and metrics serve all rooms and know none.',
      severity: 'error',
      from: { path: room('config|clock|secrets|database|templating|http|outgoing|metrics'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: ['^src/(config|clock|secrets|database|templating|http|outgoing|metrics|telemetry|ticket-event)/'],
      },
    },
    {
      name: 'intake-and-audit-do-not-send',
      comment: 'Intake never calls a helpdesk or Zulip; audit only reads.',
      severity: 'error',
      from: { path: room('intake|audit|access'), pathNot: tests },
      to: { path: room('notifiers|sandbox|start-up') },
    },
    {
      name: 'ends-of-the-road-are-strangers',
      severity: 'error',
      from: { path: '^src/(intake|audit|access)/', pathNot: tests },
      to: { path: '^src/(intake|ticket-desk|audit|access|preview|replays)/', pathNot: ['^src/$1/'] },
    },
    {
      name: 'the-desk-goes-the-common-road',
      comment:
        'Of intake it knows how events are made and written, nothing of how webhooks are taken; it sends nothing.',
      severity: 'error',
      from: { path: room('ticket-desk'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(ticket-desk|tickets|providers|routes|sources|destinations|changes|ticket-event|http|database|clock)/',
          '^src/telemetry/tracing/tracer\\.ts$',
          '^src/deliveries/(delivery-signal|deliveries\\.module)\\.ts$',
          '^src/intake/(inbound-call|keep-headers|make-events|webhook-record|sql/persist-webhooks)\\.ts$',
        ],
      },
    },
    {
      name: 'changes-serve-all-who-change',
      comment: 'Who changed what is written down in one place, which knows nothing of what it is that changes.',
      severity: 'error',
      from: { path: room('changes'), pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/(changes|http|database|clock)/'] },
    },
    {
      name: 'configuration-is-what-admins-manage',
      comment: 'A document of sources, destinations and routes; it changes them as requests do.',
      severity: 'error',
      from: { path: room('config-as-code'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: ['^src/(config-as-code|sources|destinations|routes|changes|http|outgoing|secrets|config|clock)/'],
      },
    },
    {
      name: 'preview-leaves-no-trace',
      comment: 'It goes the road of a webhook by what is pure on it: nothing that stores, sends, or wakes who does.',
      severity: 'error',
      from: { path: room('preview'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(preview|providers|routes|sources|destinations|notifiers|ticket-event|templating|http|database|clock)/',
          '^src/intake/(parse-body|make-events|to-problem)\\.ts$',
        ],
      },
    },
    {
      name: 'statistics-count',
      comment: 'Those who end deliveries add to the summaries by one piece of SQL; who reads them knows no other room.',
      severity: 'error',
      from: { path: room('statistics'), pathNot: tests },
      to: { path: '^src/', pathNot: ['^src/(statistics|http|database|clock|metrics)/'] },
    },
    {
      name: 'summaries-are-all-they-see-of-statistics',
      severity: 'error',
      from: { path: room('deliveries|destinations|sources|routes|ticket-desk|intake|audit|replays'), pathNot: tests },
      to: { path: room('statistics'), pathNot: ['^src/statistics/sql/summarise-ended\\.ts$'] },
    },
    {
      name: 'what-is-sent-again-goes-the-common-road',
      comment:
        'It reads the filters and views of the log, judges as intake does, and adds to the queue; it sends nothing.',
      severity: 'error',
      from: { path: room('replays'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(replays|routes|changes|ticket-event|http|database|clock)/',
          '^src/deliveries/(delivery|delivery-signal|deliveries\\.module|metrics/delivery-metrics)\\.ts$',
          '^src/intake/(make-deliveries|webhook-record)\\.ts$',
          '^src/statistics/sql/summarise-ended\\.ts$',
          '^src/audit/(log-query\\.dto|log-views|log-views\\.dto|(delivery|event)-conditions|sql/select-deliveries)\\.ts$',
        ],
      },
    },
    {
      name: 'erasures-read-and-erase',
      comment: 'They know what there is of a person by SQL of their own; of intake, how bodies are read.',
      severity: 'error',
      from: { path: room('erasures'), pathNot: tests },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(erasures|changes|ticket-event|database|http|clock)/',
          '^src/deliveries/delivery\\.ts$',
          '^src/statistics/sql/summarise-ended\\.ts$',
          '^src/intake/(decode-text|read-media-type)\\.ts$',
        ],
      },
    },
    {
      name: 'routes-do-not-deliver',
      severity: 'error',
      from: { path: room('routes|sources|destinations'), pathNot: tests },
      to: { path: room('deliveries') },
    },
    {
      name: 'only-the-start-knows-the-whole',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: [tests, '^src/(command|demo|open-api)/'] },
      to: { path: '^src/(main|start-gateway|gateway\\.module)\\.ts$' },
    },
    {
      name: 'one-room-opens-connections',
      comment: 'As above, for those who would do it by hand. What only names a type opens nothing.',
      severity: 'error',
      from: { path: '^src/', pathNot: [tests, '^src/http/'] },
      to: { path: '^(node:)?(https?|tls)$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tracing-is-loaded-when-asked-for',
      comment:
        'Who exports no traces pays nothing for them: the SDK is behind one import that is made when it is needed.',
      severity: 'error',
      from: { path: '^src/', pathNot: [tests, '^src/telemetry/tracing/'] },
      to: { path: '(node_modules/@opentelemetry/|^src/telemetry/tracing/(?!tracer|tracing\\.module|open-tracer))' },
    },
    {
      name: 'nothing-of-the-sdk-at-the-start',
      severity: 'error',
      from: { path: '^src/telemetry/tracing/(tracer|tracing\\.module|open-tracer)\\.ts$' },
      to: { path: '(node_modules/@opentelemetry/|^src/telemetry/tracing/open-telemetry)', dynamic: false },
    },
    {
      name: 'tests-watch-the-log',
      comment: 'Gateways of tests are started where what they log is searched for secrets.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/support/start-watched-gateway\\.ts$' },
      to: { path: '^src/start-gateway\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-does-not-need-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '(^test/|/testing/|\\.spec\\.ts$|^bench/|^chaos/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
