import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../../src/clock/clock.js';
import { ClockModule } from '../../src/clock/clock.module.js';
import { Database } from '../../src/database/database.js';
import type { NotifierDestination } from '../../src/notifiers/notifier.js';
import { ZulipNotifier } from '../../src/notifiers/zulip/zulip.notifier.js';
import { ZulipNotifierModule } from '../../src/notifiers/zulip/zulip-notifier.module.js';
import { answer } from '../child.js';
import { bareSend, type Send } from '../bare-send.js';
import { FloorLoop } from '../floor-loop.js';

/** `bare`: one call of undici, its answer's id taken. `notifier`: the Zulip notifier, which judges and records answers. */
export type FloorKind = 'bare' | 'notifier';

export interface FloorQuestion {
  databaseUrl: string;
  destination: NotifierDestination;
  kind: FloorKind;
}

const CONNECTIONS = 10;
const LEASE_SECONDS = 300;
const SEND_LIMIT_MS = 8_000;

@Module({ imports: [ClockModule.register(new SystemClock()), ZulipNotifierModule] })
class FloorModule {}

/** Delivers all that waits for the destination. */
async function deliver({ databaseUrl, destination, kind }: FloorQuestion): Promise<number> {
  const app = await NestFactory.createApplicationContext(FloorModule, { logger: false });
  const db = new Database(databaseUrl, CONNECTIONS);
  const notifier = app.get(ZulipNotifier, { strict: false });
  const throughNotifier: Send = (message) => notifier.send(message, destination, SEND_LIMIT_MS);
  const send = kind === 'bare' ? bareSend(destination) : throughNotifier;
  try {
    return await new FloorLoop(db, notifier, destination, send).run(randomUUID(), LEASE_SECONDS);
  } finally {
    await db.close();
    await app.close();
  }
}

answer(deliver);
