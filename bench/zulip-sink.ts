import { createServer, type Server } from 'node:http';

/** What it answers to whoever wants to read. */
const MAY_NOT_READ = JSON.stringify({ result: 'error', msg: 'Not allowed', code: 'BAD_REQUEST' });

/** A receiver that takes every message at once, limits nobody's rate, shows nothing, and tells when each message came. */
export class ZulipSink {
  private readonly server: Server;
  private nextId = 1;
  private listener: (at: number) => void = () => undefined;

  constructor() {
    this.server = createServer((request, response) => {
      const at = performance.now();
      request.resume();
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        if (request.method !== 'POST') {
          response.statusCode = 400;
          response.end(MAY_NOT_READ);
          return;
        }
        response.end(JSON.stringify({ result: 'success', msg: '', id: this.nextId++ }));
        this.listener(at);
      });
    });
    // A gateway's own connections are given up by it alone, so that no run meets one that is just being closed.
    this.server.keepAliveTimeout = 120_000;
  }

  /** @returns the site that a Zulip destination is given */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        const { port } = this.server.address() as { port: number };
        resolve(`http://127.0.0.1:${port}`);
      });
    });
  }

  /** @param listener hears of every message, in milliseconds of this process */
  onMessage(listener: (at: number) => void): void {
    this.listener = listener;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
