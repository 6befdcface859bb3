import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { waitUntil } from '../../support/wait-until.js';

/** A call as it arrived, byte by byte. */
export interface HeardCall {
  method: string;
  path: string;
  headers: Record<string, string>;
  text: string;
}

/** Whoever is called back: real HTTP on a port of its own. It answers 204 unless it is told otherwise. */
export class CallbackListener {
  readonly heard: HeardCall[] = [];
  /** What each call is answered with, in turn; then 204. */
  readonly answers: number[] = [];
  private readonly server = createServer((request, response) => {
    void read(request).then((call) => {
      this.heard.push(call);
      response.writeHead(this.answers.shift() ?? 204).end();
    });
  });

  static async start(): Promise<CallbackListener> {
    const listener = new CallbackListener();
    await new Promise<void>((resolve) => listener.server.listen(0, '127.0.0.1', resolve));
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook/endpoint`;
  }

  /** What each call said. */
  get payloads(): unknown[] {
    return this.heard.map(({ text }): unknown => JSON.parse(text));
  }

  /** Waits for so many calls; @returns them */
  hears(count: number): Promise<HeardCall[]> {
    return waitUntil(() => this.heard.length >= count && this.heard);
  }

  /** @returns what a call says, where its signature is right. @throws WebhookVerificationError */
  verify(secret: string, { headers, text }: HeardCall): unknown {
    return new Webhook(secret).verify(text, headers);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<HeardCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
