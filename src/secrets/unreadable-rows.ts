import { Logger } from '@nestjs/common';

/** What is said of a row. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * The rows of one kind whose secrets cannot be decrypted, as this process has found them last. Each is told once in the
 * log, and once more when it can be read again: no other row suffers by it, so nothing else would tell.
 */
export class UnreadableRows {
  private readonly logger = new Logger('secrets');
  private ids: ReadonlySet<string> = new Set();

  /** @param meanwhile what happens until the secret is entered anew, in words for the log */
  constructor(
    readonly kind: 'source' | 'destination',
    private readonly meanwhile: string,
  ) {}

  get size(): number {
    return this.ids.size;
  }

  /** @returns one of them; undefined where there is none */
  get first(): string | undefined {
    const [id] = this.ids;
    return id;
  }

  /** After a reading of all rows. */
  note(unreadable: readonly Named[], readable: readonly Named[]): void {
    for (const { id, name } of unreadable) {
      if (this.ids.has(id)) continue;
      const words = `the secret cannot be decrypted and has to be entered anew; until then ${this.meanwhile}`;
      this.logger.error({ kind: this.kind, id, name }, words);
    }
    for (const { id, name } of readable) {
      if (this.ids.has(id)) this.logger.log({ kind: this.kind, id, name }, 'the secret can be read again');
    }
    this.ids = new Set(unreadable.map(({ id }) => id));
  }
}
