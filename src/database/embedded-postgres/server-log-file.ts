import { copyFile, open, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgresLog } from './log.js';

const LARGEST_BYTES = 10 * 1024 * 1024;
const LOOK_MS = 60_000;
/** Enough for the lines of one failed start. */
const TAIL_BYTES = 8_192;

/**
 * The server's own log, `postgres.log` in DATA_DIR. A file and not a pipe to us, so that a server that outlives the
 * gateway can still write; kept to 10 MB and one older file, `postgres.log.1`.
 */
export class ServerLogFile {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly log: EmbeddedPostgresLog,
  ) {
    this.timer = setInterval(() => {
      this.rotateIfLarge().catch((error: unknown) => {
        this.log.warn(`${this.path} cannot be rotated: ${String(error)}`);
      });
    }, LOOK_MS);
    this.timer.unref();
  }

  static async open(dataDir: string, log: EmbeddedPostgresLog): Promise<ServerLogFile> {
    const path = join(dataDir, 'postgres.log');
    const file = new ServerLogFile(path, await open(path, 'a+', 0o600), log);
    await file.rotateIfLarge();
    return file;
  }

  /** For the server's outputs. Everybody appends, so truncating it is seen by all who have it open. */
  get descriptor(): number {
    return this.handle.fd;
  }

  async size(): Promise<number> {
    return (await this.handle.stat()).size;
  }

  /** @returns what was written after the first `from` bytes, its end if that is long */
  async textSince(from: number): Promise<string> {
    const size = await this.size();
    const start = Math.max(Math.min(from, size), size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.handle.close();
  }

  private async rotateIfLarge(): Promise<void> {
    if ((await this.size()) <= LARGEST_BYTES) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path);
  }
}
