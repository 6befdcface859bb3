import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server, to be cut or to keep silent, as a network does. */
export class Cable {
  connections = 0;
  private server: Server | undefined;
  private silent = false;
  private readonly sockets = new Set<Socket>();
  private constructor(
    private target: URL,
    private port = 0,
  ) {}

  static async before(target: string): Promise<Cable> {
    const cable = new Cable(new URL(target));
    await cable.mend();
    return cable;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** Nothing passes any more, nor does anybody say so. */
  silence(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** New connections go to another server, as when an address moves. */
  leadTo(target: string): void {
    this.target = new URL(target);
  }

  /** New connections pass again. */
  speak(): void {
    this.silent = false;
  }

  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      this.connections += 1;
      this.keep(near);
      if (this.silent) return;
      const far = this.keep(connect(Number(this.target.port), this.target.hostname));
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => undefined);
  }
}
