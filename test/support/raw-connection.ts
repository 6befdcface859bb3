import { connect, type Socket } from 'node:net';

/** A connection by hand, for what no HTTP client would do. */
export class RawConnection {
  text = '';
  private readonly ended: Promise<number>;

  private constructor(private readonly socket: Socket) {
    const began = performance.now();
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (this.text += chunk));
    // The server may end it while we write.
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        resolve(performance.now() - began);
      });
    });
  }

  static open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        resolve(new RawConnection(socket));
      });
      socket.once('error', reject);
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** Writes a character of it now and then, as long as somebody listens. */
  drip(text: string, everyMs: number): void {
    let at = 0;
    const timer = setInterval(() => {
      if (this.socket.writable) this.socket.write(text.charAt(at++ % text.length));
    }, everyMs);
    void this.ended.then(() => {
      clearInterval(timer);
    });
  }

  /** @returns after how many ms the server ended it */
  async closed(): Promise<number> {
    return this.ended;
  }

  close(): void {
    this.socket.destroy();
  }

  /** The status of the first answer, and what it says where that is JSON. */
  get answer(): { status: number; code: unknown } {
    const [head = '', body = ''] = this.text.split('\r\n\r\n');
    const { code } = body.startsWith('{') ? (JSON.parse(body) as { code?: unknown }) : { code: undefined };
    return { status: Number(head.split(' ')[1]), code };
  }
}
