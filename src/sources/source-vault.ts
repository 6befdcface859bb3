import { Injectable } from '@nestjs/common';
import { placeOf, SOURCE_SECRETS, SOURCE_TOKEN } from '../secrets/sealed-columns.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import type { Source } from './source.entity.js';

/** Encrypts what is entrusted to sources, each for its own row. */
@Injectable()
export class SourceVault {
  constructor(private readonly box: SecretBox) {}

  /** @returns null where there is nothing to keep */
  seal(id: string, secrets: SourceSecrets): string | null {
    const isEmpty = Object.keys(secrets).length === 0;
    return isEmpty ? null : this.box.seal(JSON.stringify(secrets), placeOf(SOURCE_SECRETS, id));
  }

  /** @throws SecretUnreadableError when `ENCRYPTION_KEY` is not the one that they were sealed with */
  open({ id, secrets }: Pick<Source, 'id' | 'secrets'>): SourceSecrets {
    return secrets === null ? {} : (JSON.parse(this.box.open(secrets, placeOf(SOURCE_SECRETS, id))) as SourceSecrets);
  }

  sealToken(id: string, token: string): string {
    return this.box.seal(token, placeOf(SOURCE_TOKEN, id));
  }

  /** @throws SecretUnreadableError as `open` */
  openToken({ id, token }: Pick<Source, 'id' | 'token'>): string {
    return this.box.open(token, placeOf(SOURCE_TOKEN, id));
  }
}
