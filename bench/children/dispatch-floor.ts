import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../../src/clock/clock.js';
import { ClockModule } from '../../src/clock/clock.module.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { Database } from '../../src/database/database.js';
import type { NotifierDestination } from '../../src/notifiers/notifier.js';
import { NotifierRegistry } from '../../src/notifiers/notifier-registry.js';
import { NotifiersModule } from '../../src/notifiers/notifiers.module.js';
import { answer } from '../child.js';
import { bareWebhookSend, bareZulipSend, type Send } from '../bare-send.js';
import { FloorLoop } from '../floor-loop.js';
import type { Receiver } from '../receivers.js';

/** `bare`: one call of undici, its answer read. `notifier`: the receiver's notifier, which judges and records answers. */
export type FloorKind = 'bare' | 'notifier';

export interface FloorQuestion {
  databaseUrl: string;
  destination: NotifierDestination;
  receiver: Receiver['kind'];
  kind: FloorKind;
}

const CONNECTIONS = 10;
const LEASE_SECONDS = 300;
const SEND_LIMIT_MS = 8_000;

const environment = validateEnvironment({ OUTBOUND_ALLOW: '127.0.0.1,::1' });

@Module({ imports: [ConfigModule.register(environment), ClockModule.register(new SystemClock()), NotifiersModule] })
class FloorModule {}

/** Delivers all that waits for the destination. */
async function deliver({ databaseUrl, destination, receiver, kind }: FloorQuestion): Promise<number> {
  const app = await NestFactory.createApplicationContext(FloorModule, { logger: false });
  const db = new Database(databaseUrl, CONNECTIONS);
  const notifier = app.get(NotifierRegistry, { strict: false }).get(receiver);
  if (!notifier) throw new Error(`There is no notifier for ${receiver}.`);
  const bareSend = receiver === 'zulip' ? bareZulipSend : bareWebhookSend;
  const throughNotifier: Send = (message, id) => notifier.send(message, destination, SEND_LIMIT_MS, id);
  const send = kind === 'bare' ? bareSend(destination) : throughNotifier;
  try {
    return await new FloorLoop(db, notifier, destination, send).run(randomUUID(), LEASE_SECONDS);
  } finally {
    await db.close();
    await app.close();
  }
}

answer(deliver);
