import { connect, type Socket } from 'node:net';

/** What a request came to; status 0: the connection ended without an answer. */
export interface LoadResponse {
  status: number;
  saysWhenToComeAgain: boolean;
}

type Listener = (response: LoadResponse) => void;

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const RETRY_AFTER = /\r\nretry-after:/i;
const NOTHING: LoadResponse = { status: 0, saysWhenToComeAgain: false };

/**
 * A connection that posts one request at a time and looks at as little of the answers as it can: the load generator shares
 * two cores with what it measures, and HTTP clients that do everything take twice as long for a request (measured:
 * undici's 45 µs).
 */
export class LoadConnection {
  private socket: Socket | undefined;
  private text = '';
  private listener: Listener | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** Connects, which the first request would do else. */
  open(): Promise<void> {
    const socket = this.connect();
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('close', () => {
        reject(new Error(`No connection to ${this.host}:${this.port}.`));
      });
    });
  }

  /** @param listener hears of the answer; the next request may be sent then */
  post(path: string, headers: string, body: string, listener: Listener): void {
    this.listener = listener;
    const socket = this.socket ?? this.connect();
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${this.host}:${this.port}\r\n${headers}content-length: ${Buffer.byteLength(body)}${HEAD_END}${body}`,
    );
  }

  close(): void {
    this.socket?.destroy();
  }

  private connect(): Socket {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.read(text);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.socket = undefined;
      this.answered(NOTHING);
    });
    this.socket = socket;
    return socket;
  }

  private read(text: string): void {
    this.text += text;
    const headEnd = this.text.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.text.slice(0, headEnd);
    const length = Number(LENGTH.exec(head)?.[1] ?? 0);
    if (this.text.length < headEnd + HEAD_END.length + length) return;
    this.answered({ status: Number(head.slice(9, 12)), saysWhenToComeAgain: RETRY_AFTER.test(head) });
  }

  private answered(response: LoadResponse): void {
    const { listener } = this;
    this.text = '';
    this.listener = undefined;
    listener?.(response);
  }
}
