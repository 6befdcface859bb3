import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { MemorySnapshot } from '../database/memory-snapshot.js';
import { CHANGES_CHANNEL, Notifications } from '../database/notifications.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { RouteTable } from '../routes/route-table.js';
import { DESTINATION_SECRETS, placeOf, SOURCE_SECRETS } from '../secrets/sealed-columns.js';
import { SecretBox, SecretUnreadableError } from '../secrets/secret-box.js';
import { knowsAnyKey } from '../secrets/sql/knows-any-key.js';
import { SourceDirectory } from '../sources/source-directory.js';

/** Keeps what this process has in memory as the database has it, whichever process changed it. */
@Injectable()
export class SnapshotFollower {
  /**
   * The order of every reading: the routes and their destinations first, so that no source is known whose events would
   * find no route.
   */
  private readonly snapshots: readonly MemorySnapshot[];
  private readonly old = new Set<MemorySnapshot>();
  private reading = false;

  constructor(
    routes: RouteTable,
    private readonly destinations: DestinationDirectory,
    private readonly sources: SourceDirectory,
    private readonly notifications: Notifications,
    private readonly db: Database,
    private readonly box: SecretBox,
  ) {
    this.snapshots = [routes, destinations, sources];
  }

  /**
   * What webhooks are judged by, before any can arrive.
   *
   * @throws when it cannot be read; SecretUnreadableError where the key is another one altogether: a mistake that is to be
   *   told at once, while a secret that is damaged harms none but whatever it belongs to
   */
  async load(): Promise<void> {
    for (const snapshot of this.snapshots) await snapshot.reload();
    const place = this.unreadablePlace();
    if (place !== undefined && !(await knowsAnyKey(this.db, this.box.knownKeyIds)))
      throw new SecretUnreadableError(place);
  }

  /** From when the notifications start until they stop. */
  follow(): void {
    this.notifications.listen(CHANGES_CHANNEL, (table) => {
      this.readAgain(this.snapshots.filter((snapshot) => snapshot.tables.includes(table)));
    });
    this.notifications.onReconnect(() => {
      this.readAgain(this.snapshots);
    });
  }

  /** @returns the place of a secret that cannot be decrypted */
  private unreadablePlace(): string | undefined {
    const destination = this.destinations.unreadable.first;
    if (destination !== undefined) return placeOf(DESTINATION_SECRETS, destination);
    const source = this.sources.unreadable.first;
    return source && placeOf(SOURCE_SECRETS, source);
  }

  private readAgain(snapshots: readonly MemorySnapshot[]): void {
    for (const snapshot of snapshots) this.old.add(snapshot);
    if (!this.reading) void this.readWhatIsOld();
  }

  /** In rounds: what becomes old while one reads is read by the next. */
  private async readWhatIsOld(): Promise<void> {
    this.reading = true;
    while (this.old.size > 0) {
      const round = this.snapshots.filter((snapshot) => this.old.delete(snapshot));
      for (const snapshot of round) await snapshot.refresh();
    }
    this.reading = false;
  }
}
