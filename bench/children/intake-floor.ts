import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { persistWebhooks } from '../../src/intake/sql/persist-webhooks.js';
import type { AcceptedWebhook } from '../../src/intake/webhook-record.js';
import type { TicketEventDocument } from '../../src/ticket-event/ticket-event-document.js';
import { answer } from '../child.js';
import type { Road } from '../ticket-events.js';

/** One statement for all that has come meanwhile, by one connection; or one for each request, by many. */
export type FloorKind = 'joined' | 'single';

export interface FloorQuestion {
  databaseUrl: string;
  kind: FloorKind;
  road: Road;
  /** An event as the gateway makes it of such a webhook, and the headers that it keeps. */
  document: TicketEventDocument;
  headers: Record<string, string>;
}

/** As the gateway's writer. */
const MOST_IN_BATCH = 256;
/** As the gateway's pool. */
const CONNECTIONS = 10;
const TICKETS = 2_000;
const DEDUPLICATION_MS = 600_000;
const ACCEPTED = JSON.stringify({ status: 'accepted', deliveries: 1 });

interface Waiting {
  record: AcceptedWebhook;
  response: ServerResponse;
}

/**
 * The least that a durable intake can be with the log that we keep: bare node:http, a hash and an id, and intake's own
 * statement. Nothing is parsed, authenticated, normalised or matched: the event is always the same but for its number.
 */
class IntakeFloor {
  private readonly db: Database;
  private readonly queue: Waiting[] = [];
  private isWriting = false;
  private count = 0;

  constructor(private readonly question: FloorQuestion) {
    this.db = new Database(question.databaseUrl, question.kind === 'joined' ? 1 : CONNECTIONS);
  }

  /** @returns where it listens */
  listen(): Promise<string> {
    const server = createServer((request, response) => {
      this.take(request, response);
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        resolve(`http://127.0.0.1:${port}/`);
      });
    });
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const record = this.makeRecord(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      if (this.question.kind === 'single') void this.write([{ record, response }]);
      else {
        this.queue.push({ record, response });
        if (!this.isWriting) void this.writeAll();
      }
    });
  }

  private makeRecord(body: Buffer): AcceptedWebhook {
    const { document: template, headers, road } = this.question;
    this.count += 1;
    const number = String(1_000 + (this.count % TICKETS));
    const receivedAt = new Date();
    const at = receivedAt.toISOString();
    const id = newId(receivedAt);
    const hash = createHash('sha256').update(body).digest('base64url');
    const identity = { id, received_at: at, deduplication_key: `${hash}#0` };
    const ticket = { ...template.ticket, key: number, number } as NonNullable<TicketEventDocument['ticket']>;
    const lane = `${road.sourceId} ${number}`;
    const { sourceId, routeId, destinationId } = road;
    return {
      id,
      sourceId,
      receivedAt,
      raw: { headers, body },
      outcome: 'accepted',
      deduplication: { key: `content:${hash}`, expiresAt: new Date(receivedAt.getTime() + DEDUPLICATION_MS) },
      routeRevision: '1',
      events: [
        {
          document: { ...template, ...identity, ticket },
          deliveries: [{ id: newId(receivedAt), routeId, destinationId, lane, hasSibling: false }],
        },
      ],
    };
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.queue.length > 0) await this.write(this.queue.splice(0, MOST_IN_BATCH));
    this.isWriting = false;
  }

  private async write(batch: Waiting[]): Promise<void> {
    await persistWebhooks(
      this.db,
      batch.map(({ record }) => record),
      new Date(),
    );
    for (const { response } of batch) {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(ACCEPTED);
    }
  }
}

answer((question: FloorQuestion): Promise<string> => new IntakeFloor(question).listen());
