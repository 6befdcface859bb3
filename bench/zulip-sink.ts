import { createServer, type Server } from 'node:http';

/** A receiver that takes every message at once and tells when it came. */
export class ZulipSink {
  private readonly server: Server;
  private nextId = 1;
  private listener: (content: string, at: number) => void = () => undefined;

  constructor() {
    this.server = createServer((request, response) => {
      const at = performance.now();
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ result: 'success', msg: '', id: this.nextId++ }));
        this.listener(new URLSearchParams(body).get('content') ?? '', at);
      });
    });
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

  onMessage(listener: (content: string, at: number) => void): void {
    this.listener = listener;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
