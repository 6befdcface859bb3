import { Injectable } from '@nestjs/common';
import type { Caller } from '../http/caller.js';
import { Problem } from '../http/problem.js';
import { type ActiveSource, SourceDirectory } from '../sources/source-directory.js';

/** The provider whose sources are ticket desks. */
const DESK = 'ticket-desk';
/** The providers whose sources have tickets in the store. */
const TICKET_KEEPERS: readonly string[] = [DESK, 'generic'];

/** Which desk a caller works at, and which tickets it may see. */
@Injectable()
export class DeskAccess {
  constructor(private readonly sources: SourceDirectory) {}

  /**
   * @returns the desk of an `ingest` key; other keys work at the first one
   * @throws Problem 403 where the key's source is no desk, or is disabled; 409 `source_disabled` where there is no desk to
   *   work at
   */
  deskOf({ sourceId }: Caller): ActiveSource {
    const source = sourceId === null ? this.sources.findOldest(DESK) : this.sources.findById(sourceId);
    if (source?.provider === DESK) return source;
    if (sourceId === null) {
      throw new Problem(409, 'source_disabled', `No source of the provider ${DESK} is enabled: enable or add one.`);
    }
    throw new Problem(403, 'forbidden', `This needs a key whose source is of the provider ${DESK} and not disabled.`);
  }

  /**
   * @returns the source whose tickets alone an `ingest` key may see and change; null for keys that may see all
   * @throws Problem 403 where the key's source has no tickets in the store, or is disabled
   */
  scopeOf({ sourceId }: Caller): string | null {
    if (sourceId === null) return null;
    if (TICKET_KEEPERS.includes(this.sources.findById(sourceId)?.provider ?? '')) return sourceId;
    throw new Problem(
      403,
      'forbidden',
      `This needs a key whose source is of the provider ${TICKET_KEEPERS.join(' or ')} and not disabled.`,
    );
  }

  /**
   * @returns the source that a ticket belongs to, in whose name its events happen
   * @throws Problem 409 where it is disabled or deleted
   */
  sourceOfTicket(sourceId: string): ActiveSource {
    const source = this.sources.findById(sourceId);
    if (source) return source;
    throw new Problem(409, 'source_disabled', 'The source of this ticket is disabled: its tickets stay as they are.');
  }
}
