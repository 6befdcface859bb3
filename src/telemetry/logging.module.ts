import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Environment } from '../config/environment.js';

/** Where secrets stand in what we log. */
const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'err.config.headers',
  'err.config.auth',
  'err.config.data',
];
/** A hook's address carries its token. */
const HOOK_TOKEN = /(\/hooks\/[^/?]+\/)[^/?]+/g;

/** Parts of Nest that name every module and route at each start; their notes would bury what the operator looks for. */
const CHATTY = new Set(['NestFactory', 'NestApplication', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);
/** https://github.com/pinojs/pino/blob/main/docs/api.md#logger-level */
const PINO_INFO = 30;

/** @returns an address as it may be logged: hook tokens masked */
export function maskAddress(address: string): string {
  return address.replaceAll(HOOK_TOKEN, '$1***');
}

/**
 * JSON logs by pino. Requests are not logged one by one, and none has a logger of its own: making one for each, and
 * carrying it along in an AsyncLocalStorage, which makes every promise dearer, cost a tenth of the hook path (measured).
 * What is logged of a request names it (`req`).
 */
export function loggingModule(environment: Environment): DynamicModule {
  return LoggerModule.forRoot({
    forRoutes: [],
    pinoHttp: {
      level: environment.LOG_LEVEL,
      autoLogging: false,
      hooks: {
        logMethod(inputs, method, level) {
          if (level !== PINO_INFO || !isChatty(inputs[0])) method.apply(this, inputs);
        },
      },
      redact: { paths: SECRET_PATHS, censor: '***' },
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          url: maskAddress(request.url),
        }),
      },
    },
  });
}

function isChatty(facts: unknown): boolean {
  const context = typeof facts === 'object' && facts !== null && 'context' in facts ? facts.context : undefined;
  return typeof context === 'string' && CHATTY.has(context);
}
