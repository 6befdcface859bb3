import { Socket } from 'node:net';
import { Client, escapeIdentifier } from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
/** How long a server is given to take its leave. */
const GOODBYE_MS = 1_000;

/** Who wants to know what a connection hears, and that it has ended. */
export interface Listener {
  onMessage(channel: string, payload: string): void;
  onEnd(): void;
}

/** One connection that listens, from its making to its end. It asks one thing at a time. */
export class ListeningConnection {
  private readonly socket = new Socket();
  private readonly client: Client;
  private stands = false;
  private closing: Promise<void> | undefined;
  private cause: Error | undefined;

  /** @param answerMs within which the server must answer; after that it counts as gone */
  constructor(url: string, answerMs: number, listener: Listener) {
    this.client = new Client({
      connectionString: url,
      // Ours, so that a connection that is still being made can be given up: pg's `end` waits for one that stands.
      stream: () => this.socket,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: answerMs,
      application_name: 'deskwire-listen',
    });
    this.client.on('notification', ({ channel, payload }) => {
      listener.onMessage(channel, payload ?? '');
    });
    this.client.on('error', (error) => {
      this.cause ??= error;
      listener.onEnd();
    });
    this.client.on('end', () => {
      this.cause ??= new Error('the server ended it');
      listener.onEnd();
    });
  }

  /** @throws when the server cannot be reached or refuses */
  async open(): Promise<void> {
    await this.client.connect();
    this.stands = true;
  }

  /** @throws when it is not answered in time, or the connection has ended */
  async listen(channels: readonly string[]): Promise<void> {
    await this.ask(channels.map((channel) => `listen ${escapeIdentifier(channel)}`).join('; '));
  }

  /** @throws when it is not answered in time, or the connection has ended */
  async look(): Promise<void> {
    await this.ask('select 1');
  }

  /** Ends it, whatever it is doing; what it is asked meanwhile fails. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async ask(statement: string): Promise<void> {
    if (this.cause) throw this.cause;
    await this.client.query(statement);
  }

  private async end(): Promise<void> {
    if (!this.stands) {
      this.socket.destroy();
      return;
    }
    const tooLong = setTimeout(() => this.socket.destroy(), GOODBYE_MS);
    await this.client.end();
    clearTimeout(tooLong);
  }
}
