import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import type { Environment } from '../config/environment.js';
import { logOptions, shownError } from './log-options.js';
import { shownAddress } from './shown-address.js';

/** Parts of Nest that name every module and route at each start; their notes would bury what the operator looks for. */
const CHATTY = new Set(['NestFactory', 'NestApplication', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);
/** https://github.com/pinojs/pino/blob/main/docs/api.md#logger-level */
const PINO_INFO = 30;

/**
 * JSON logs by pino. Requests are not logged one by one, and none has a logger of its own: making one for each, and
 * carrying it along in an AsyncLocalStorage, which makes every promise dearer, cost a tenth of the hook path (measured).
 * What is logged of a request names it (`req`).
 *
 * @param stream where lines go; standard output unless given
 */
export function loggingModule(environment: Environment, stream?: DestinationStream): DynamicModule {
  const options = logOptions(environment);
  return LoggerModule.forRoot({
    forRoutes: [],
    pinoHttp: {
      ...options,
      ...(stream && { stream }),
      autoLogging: false,
      hooks: {
        ...options.hooks,
        logMethod(inputs, method, level) {
          if (level !== PINO_INFO || !isChatty(inputs[0])) method.apply(this, inputs);
        },
      },
      serializers: {
        // pino-http has gone over errors and requests before these see them. No header is shown, whichever it is.
        err: shownError,
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
          id,
          method,
          url: shownAddress(url),
        }),
      },
    },
  });
}

function isChatty(facts: unknown): boolean {
  const context = typeof facts === 'object' && facts !== null && 'context' in facts ? facts.context : undefined;
  return typeof context === 'string' && CHATTY.has(context);
}
