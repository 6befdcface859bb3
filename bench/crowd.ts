import { connect, type Socket } from 'node:net';
import { WEBHOOKS } from './webhook-bodies.js';

/** Clients that are a burden beside those that behave. */
export type Crowd =
  /** Connections that say nothing. */
  | 'idle'
  /** Requests whose body comes at a byte a second. */
  | 'slow'
  /** Webhooks of 1 MB, one after the other on each connection. */
  | 'big';

export interface CrowdQuestion {
  hookUrl: string;
  crowd: Crowd;
  connections: number;
}

/** How many connections stood in the end, and how many webhooks they were answered. */
export interface CrowdAnswer {
  connected: number;
  answered: number;
}

const MEGABYTE = 1_048_576;
const SLOW_LENGTH = 1_000;
const BYTE_EVERY_MS = 1_000;
/** The backlog of a listening socket is a few hundred connections long. */
const AT_ONCE = 200;

/** Holds its connections until it is dissolved. */
export class CrowdOfClients {
  private readonly sockets = new Set<Socket>();
  private readonly timers: NodeJS.Timeout[] = [];
  private answered = 0;
  private index = 0;

  constructor(private readonly question: CrowdQuestion) {}

  /** Resolves when all are connected. */
  async gather(): Promise<void> {
    for (let count = 0; count < this.question.connections; count += AT_ONCE) {
      const some = Math.min(AT_ONCE, this.question.connections - count);
      await Promise.all(Array.from({ length: some }, () => this.join()));
    }
  }

  dissolve(): CrowdAnswer {
    const connected = this.sockets.size;
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
    return { connected, answered: this.answered };
  }

  private join(): Promise<void> {
    const { hostname, port } = new URL(this.question.hookUrl);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        this.sockets.add(socket);
        this.behave(socket);
        resolve();
      });
      // Whoever is thrown out or not let in is missing from the count.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        resolve();
      });
    });
  }

  private behave(socket: Socket): void {
    if (this.question.crowd === 'slow') {
      socket.write(this.head(SLOW_LENGTH));
      this.timers.push(setInterval(() => socket.write(' '), BYTE_EVERY_MS));
    }
    if (this.question.crowd === 'big') {
      const send = (): void => void socket.write(this.bigWebhook());
      socket.on('data', (answer: Buffer) => {
        if (answer.subarray(0, 12).toString('latin1') === 'HTTP/1.1 202') this.answered += 1;
        send();
      });
      send();
    }
  }

  private head(length: number): string {
    const { pathname, host } = new URL(this.question.hookUrl);
    const headers = Object.entries(WEBHOOKS.json.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${headers.join('')}content-length: ${length}\r\n\r\n`;
  }

  private bigWebhook(): string {
    this.index += 1;
    const body = WEBHOOKS.json.make(this.index).replace('Thanks', `${'a'.repeat(MEGABYTE)} ${process.pid}`);
    return this.head(Buffer.byteLength(body)) + body;
  }
}
