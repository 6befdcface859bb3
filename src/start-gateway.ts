import 'reflect-metadata';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { LargeBodies } from './access/large-bodies.js';
import { SystemClock } from './clock/clock.js';
import type { Environment } from './config/environment.js';
import { EnvironmentError } from './config/validate-environment.js';
import { errorCode } from './database/error-code.js';
import { splitAddressRanges } from './config/is-address-range-list.js';
import { Notifications } from './database/notifications.js';
import { Dispatcher } from './deliveries/dispatcher.js';
import { GatewayModule, type GatewayParts } from './gateway.module.js';
import { Readiness } from './health/readiness.js';
import { registerBodyParsers } from './http/body-parsers.js';
import { CONNECTION_LIMITS, type ConnectionLimits, connectionOptions } from './http/connection-limits.js';
import { RefusedConnections } from './http/refused-connections.js';
import { limitPipelining } from './http/limit-pipelining.js';
import { protectAnswers, requestIdOf } from './http/protect-answers.js';
import { HookDoor } from './intake/hook-door.js';
import { unreadableAddress } from './http/unreadable-address.js';
import { notFound, Problem } from './http/problem.js';
import { setUpOpenApi } from './open-api/open-api.js';
import { openTracer } from './telemetry/tracing/open-tracer.js';
import { SnapshotFollower } from './start-up/snapshot-follower.js';
import { FirstStart, type FirstStartResult } from './start-up/first-start.js';
import { LogFollower } from './log-follower/log-follower.js';
import { PartitionKeeper } from './database/partition-keeper.js';
import { Retention } from './retention/retention.js';

/**
 * Connections that may wait to be taken. Beyond Node's 511 a burst of senders is left hanging for a second or three, after
 * which their systems try again; Linux has no more than `net.core.somaxconn`, 4,096 by default.
 */
const BACKLOG = 4_096;

/** When whoever was refused should come back: by then a restart is over. */
const RETRY_AFTER_STOP_SECONDS = 5;

/** A gateway that takes webhooks, or delivers them, or both. */
export interface RunningGateway {
  app: NestFastifyApplication;
  /** Where it really listens, e.g. `http://127.0.0.1:3000`. */
  url: string;
  firstStart: FirstStartResult;
  /** Takes no new work, finishes what is in the air, gives its leases back, then ends. The database is left to its owner. */
  stop(): Promise<void>;
}

/**
 * Starts a process's share of the gateway on a database whose schema is up to date.
 *
 * @throws whatever keeps it from starting; nothing is left running then
 */
export async function startGateway(parts: GatewayParts): Promise<RunningGateway> {
  const tracer = parts.tracer ?? (await openTracer(parts.environment, parts.clock ?? new SystemClock()));
  const app = await createApp({ ...parts, ...(tracer && { tracer }) });
  try {
    const { environment } = parts;
    const first = app.get(FirstStart, { strict: false });
    const snapshots = app.get(SnapshotFollower, { strict: false });
    const notifications = app.get(Notifications, { strict: false });
    await snapshots.load();
    snapshots.follow();
    await notifications.start();
    await listen(app, environment);
    const { port } = app.getHttpServer().address() as { port: number };
    const firstStart = await first.run(port);
    const dispatcher = app.get(Dispatcher, { strict: false });
    const tending = [PartitionKeeper, LogFollower, Retention].map((each) => app.get(each, { strict: false }));
    if (environment.ROLE !== 'api') await dispatcher.start();
    for (const each of tending) each.start();
    const readiness = app.get(Readiness, { strict: false });
    readiness.markStarted();
    const stop = async (): Promise<void> => {
      readiness.markStopping();
      await Promise.all(tending.map((each) => each.stop()));
      await dispatcher.stop();
      await notifications.stop();
      await app.close();
      await tracer?.stop();
    };
    return { app, url: await app.getUrl(), firstStart, stop };
  } catch (error) {
    await app.close();
    await tracer?.stop();
    throw error;
  }
}

/** @throws EnvironmentError when the name in `HOST` is nobody's: its error looks like one of the database's */
async function listen(app: NestFastifyApplication, { PORT, HOST }: Environment): Promise<void> {
  try {
    await app.listen({ port: PORT, host: HOST, backlog: BACKLOG });
  } catch (error) {
    if (errorCode(error) === 'ENOTFOUND') throw new EnvironmentError(['HOST: there is no such address']);
    throw error;
  }
}

async function createApp(parts: GatewayParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(serverOptions(parts.environment, parts.connectionLimits));
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(parts), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  const fastify = app.getHttpAdapter().getInstance();
  protectAnswers(fastify);
  app.get(RefusedConnections, { strict: false }).watch(fastify.server);
  registerBodyParsers(fastify);
  const readiness = app.get(Readiness, { strict: false });
  // First: what was read before the stop is answered as it is.
  if (parts.environment.ROLE !== 'worker') {
    app.get(HookDoor, { strict: false }).standBefore(fastify, () => !readiness.isStopping);
  }
  refuseWhileStopping(fastify, readiness);
  if (parts.environment.ROLE === 'worker') tellOnly(fastify);
  app.get(LargeBodies, { strict: false }).guard(fastify);
  limitPipelining(fastify.server);
  setUpOpenApi(app);
  return app;
}

/** Where it is told how a process is, whatever its role and its state. */
const TELLS = /^\/(health\/|metrics(\?|$))/;

/**
 * While the process ends it takes nothing new. Probes and Prometheus are answered, and the sandbox still takes the messages
 * that are in the air.
 */
function refuseWhileStopping(fastify: FastifyInstance, readiness: Readiness): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!readiness.isStopping || TELLS.test(request.url) || request.url.startsWith('/sandbox/')) {
      done();
      return;
    }
    // So that senders do not keep the connection, and the server can close.
    void reply.header('connection', 'close');
    const again = { retryAfterSeconds: RETRY_AFTER_STOP_SECONDS };
    done(new Problem(503, 'stopping', 'The gateway is being stopped; send this again in a moment.', again));
  });
}

/** A worker delivers; webhooks and admins belong to the processes that see each other's changes at once. */
function tellOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const tells = TELLS.test(request.routeOptions.url ?? '');
    done(tells ? undefined : notFound('address here: this process only delivers'));
  });
}

function serverOptions(
  environment: Environment,
  limits: Partial<ConnectionLimits> = {},
): ConstructorParameters<typeof FastifyAdapter>[0] {
  const proxies = environment.TRUSTED_PROXIES;
  return {
    bodyLimit: environment.BODY_LIMIT,
    ...connectionOptions({ ...CONNECTION_LIMITS, ...limits }),
    genReqId: requestIdOf,
    frameworkErrors: (_error, request, reply) => {
      const problem = unreadableAddress(request.url);
      // Typed for HTTP/2 as well, which this server does not speak.
      const answer = reply as unknown as FastifyReply;
      void answer.status(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
    },
    // So that an absurd token is an unknown one: 404 like any other.
    routerOptions: { maxParamLength: 4_000 },
    ...(proxies !== undefined && { trustProxy: splitAddressRanges(proxies) }),
  };
}
